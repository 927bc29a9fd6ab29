import { openSync, closeSync, fsyncSync, writeSync } from 'node:fs';
import path from 'node:path';
import { PRIVATE_FILE_MODE, storeError } from '../../../common/atomicFile.ts';
import { HoldfastError } from '../../../common/errors.ts';
import { ensureDirectory } from '../../../sessions/sessionFiles.ts';
import { damageOf, isEnded, type Damage } from './damage.ts';
import type { GuardHost } from './guardHost.ts';
import { guardTranscript, noteEnd } from './guardTranscript.ts';
import { listGenerations, readSource, type Generation, type Mirror } from './mirror.ts';
import { unpackGeneration } from './packMirror.ts';
import { draftOf, replaceTranscript, requireNotLive } from './replaceTranscript.ts';
import { restoreSideFiles } from './sideFiles.ts';
import { parseTranscriptLine } from './transcriptLine.ts';
import { linesOf } from './vanished.ts';

/** What restoring a transcript did. */
export interface Restored {
  readonly id: string;
  /** The transcript, which `claude --resume` has again. */
  readonly path: string;
  readonly lines: number;
  /** Where the one that was there lies now. */
  readonly setAside: string | undefined;
  readonly sideFiles: readonly string[];
}

/**
 * Writes a guarded copy back to where Claude Code looks for it, with what lay beside it. What is there now is set aside.
 * @param generation which copy; else the latest one that has lost something since.
 * @throws HoldfastError `claude.nothingToRestore`, `claude.sessionLive`, `disk.full`, `home.notWritable`,
 * `file.unreadable`.
 */
export async function restoreTranscript(
  host: GuardHost,
  mirror: Mirror,
  generation?: number,
): Promise<Restored> {
  requireNotLive(host, mirror.id);
  const source = readSource(mirror);
  if (source === undefined) throw nothingToRestore(mirror.id);
  // What is there now has to have a copy as well, before it makes room.
  await guardTranscript(host, source.path);
  const chosen = generation ?? latestDamage(mirror)?.generation;
  const copy = listGenerations(mirror).find(({ number }) => number === chosen);
  if (copy === undefined) throw nothingToRestore(mirror.id);
  const plain = await unpackGeneration(mirror, copy);
  ensureDirectory(path.dirname(source.path));
  const draft = draftOf(source.path);
  const lines = writeWholeLines(plain.path, draft);
  await endPresent(host, mirror, plain);
  const setAside = replaceTranscript(draft, source.path, host.clock.now());
  const sideFiles = restoreSideFiles(mirror, source.path);
  await guardTranscript(host, source.path);
  host.log.info('transcript.restored', { id: mirror.id, lines });
  return { id: mirror.id, path: source.path, lines, setAside, sideFiles };
}

/** Damage of one transcript that can be undone now, the latest. */
function latestDamage(mirror: Mirror): Damage | undefined {
  return damageOf(mirror)
    .sort((a, b) => a.generation - b.generation)
    .at(-1);
}

/** The user wants it replaced: that is no damage to tell of. */
async function endPresent(host: GuardHost, mirror: Mirror, restored: Generation): Promise<void> {
  const latest = listGenerations(mirror).at(-1);
  if (latest === undefined || latest.number === restored.number || isEnded(mirror, latest)) return;
  noteEnd(host, mirror, await unpackGeneration(mirror, latest), { kind: 'replaced' });
}

/** Without a line that was being written when it was copied: the next one would be joined to it. */
function writeWholeLines(from: string, to: string): number {
  let count = 0;
  try {
    const descriptor = openSync(to, 'wx', PRIVATE_FILE_MODE);
    try {
      let pending: Buffer | undefined;
      const write = (line: Buffer): void => {
        count += 1;
        const bytes = Buffer.concat([line, Buffer.from('\n')]);
        for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
      };
      for (const line of linesOf(from)) {
        if (pending !== undefined) write(pending);
        pending = line;
      }
      if (pending !== undefined && parseTranscriptLine(pending) !== undefined) write(pending);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw storeError(`writing ${to}`, error);
  }
  return count;
}

export function nothingToRestore(id: string): HoldfastError {
  return new HoldfastError('claude.nothingToRestore', `nothing of the session ${id} is missing`, {
    data: { id },
  });
}
