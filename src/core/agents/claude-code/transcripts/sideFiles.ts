import { closeSync, openSync, readdirSync, renameSync, statSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { storeError } from '../../../common/atomicFile.ts';
import { ensureDirectory } from '../../../sessions/sessionFiles.ts';
import { copyToNewFile, unfinishedName } from './copyBytes.ts';
import type { Mirror } from './mirror.ts';
import { sideDirectory } from './transcriptFiles.ts';

/** Deeper, or more of them, Claude Code has never laid out. */
const MAX_DEPTH = 4;
const MAX_FILES = 5000;

/** Where the copies of what lies beside a transcript are kept. */
function copiesOf({ directory }: Mirror): string {
  return path.join(directory, 'side');
}

/**
 * Copies what was added beside a transcript since: a longer file replaces its copy, a shorter or a missing one does not.
 * @throws HoldfastError `disk.full`, `home.notWritable`.
 */
export function copySideFiles(mirror: Mirror, transcript: string): void {
  const from = sideDirectory(transcript);
  for (const name of filesBelow(from)) {
    const [source, copy] = [path.join(from, name), path.join(copiesOf(mirror), name)];
    const sourceBytes = sizeOf(source);
    const copyBytes = sizeOf(copy);
    if (sourceBytes === undefined || (copyBytes !== undefined && sourceBytes <= copyBytes))
      continue;
    copyOver(source, copy);
  }
}

/** Puts back what is missing beside a transcript; gives the paths. What is there stays. */
export function restoreSideFiles(mirror: Mirror, transcript: string): string[] {
  const to = sideDirectory(transcript);
  return filesBelow(copiesOf(mirror)).flatMap((name) => {
    const target = path.join(to, name);
    if (sizeOf(target) !== undefined) return [];
    copyOver(path.join(copiesOf(mirror), name), target);
    return [target];
  });
}

function copyOver(source: string, target: string): void {
  ensureDirectory(path.dirname(target));
  let descriptor: number;
  try {
    descriptor = openSync(source, 'r');
  } catch {
    // Gone since it was listed.
    return;
  }
  const draft = unfinishedName(target);
  try {
    const stat = statSync(source);
    copyToNewFile(descriptor, stat.size, draft);
    renameSync(draft, target);
  } catch (error) {
    throw storeError(`writing ${target}`, error);
  } finally {
    closeSync(descriptor);
  }
}

function filesBelow(directory: string, depth = 0): string[] {
  if (depth >= MAX_DEPTH) return [];
  const found = entriesOf(directory).flatMap((entry) => {
    if (entry.isDirectory()) {
      const below = filesBelow(path.join(directory, entry.name), depth + 1);
      return below.map((name) => path.join(entry.name, name));
    }
    return entry.isFile() && !entry.name.endsWith('.tmp') ? [entry.name] : [];
  });
  return found.slice(0, MAX_FILES);
}

function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

function sizeOf(file: string): number | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() === true ? stat.size : undefined;
}
