import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { PRIVATE_DIRECTORY_MODE, storeError } from '../common/atomicFile.ts';
import { systemErrorCode, unreadable } from '../common/errors.ts';
import { ensureWorkspace, type Workspace } from '../store/workspace.ts';
import { isSessionId } from './sessionId.ts';

const PLAIN = '.jsonl';
const COMPRESSED = '.jsonl.gz';

/** The files of one session in the workspace's `sessions` directory (docs/data-format.md). */
export interface SessionFiles {
  readonly id: string;
  readonly directory: string;
  readonly plain: string;
  readonly compressed: string;
  readonly lease: string;
  /** Where the fold of a long journal is remembered; a cache. */
  readonly checkpoint: string;
}

/** A journal as it lies on the disk now. */
export interface JournalFile {
  readonly id: string;
  readonly path: string;
  readonly isCompressed: boolean;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly inode: number;
}

export function sessionsDirectory(workspace: Workspace): string {
  return path.join(workspace.directory, 'sessions');
}

export function sessionFilesOf(workspace: Workspace, id: string): SessionFiles {
  const directory = sessionsDirectory(workspace);
  return {
    id,
    directory,
    plain: path.join(directory, `${id}${PLAIN}`),
    compressed: path.join(directory, `${id}${COMPRESSED}`),
    lease: path.join(directory, `${id}.lease`),
    checkpoint: path.join(directory, '.cache', `${id}.json`),
  };
}

/** @throws HoldfastError `home.unsafe`, `home.notWritable`, `disk.full`. */
export function ensureSessionsDirectory(workspace: Workspace, nowMs: number): string {
  const directory = sessionsDirectory(workspace);
  ensureWorkspace(workspace, nowMs);
  ensureDirectory(directory);
  return directory;
}

/** @throws HoldfastError `home.notWritable`, `disk.full`. */
export function ensureDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
  } catch (error) {
    throw storeError(`creating the directory ${directory}`, error);
  }
}

/**
 * The journal of a session; undefined when there is none. The plain one goes first where both are there: the other is
 * about to replace it, or about to be removed, and never has more.
 */
export function findJournal(files: SessionFiles): JournalFile | undefined {
  return statJournal(files.id, files.plain, false) ?? statJournal(files.id, files.compressed, true);
}

/** The ids of all journals of a workspace, in no order. @throws HoldfastError `file.unreadable`. */
export function listSessionIds(workspace: Workspace): string[] {
  const ids = namesIn(sessionsDirectory(workspace)).flatMap((name) => idOfJournal(name) ?? []);
  return [...new Set(ids)];
}

/** A journal as it is listed in the directory, without a look at the file itself. */
export type JournalName = Pick<JournalFile, 'id' | 'path' | 'isCompressed'>;

/** All journals of a workspace by name, one for each session, in no order. @throws HoldfastError `file.unreadable`. */
export function listJournalNames(workspace: Workspace): JournalName[] {
  const directory = sessionsDirectory(workspace);
  const journals = new Map<string, JournalName>();
  for (const name of namesIn(directory)) {
    const id = idOfJournal(name);
    if (id === undefined) continue;
    const isCompressed = name.endsWith(COMPRESSED);
    if (isCompressed && journals.has(id)) continue;
    // Not path.join: it would take as long as a look at the file.
    journals.set(id, { id, path: `${directory}${path.sep}${name}`, isCompressed });
  }
  return [...journals.values()];
}

/** The same as the files are now. @throws HoldfastError `file.unreadable`. */
export function listJournals(workspace: Workspace): JournalFile[] {
  return listJournalNames(workspace).flatMap((name) => statListed(name) ?? []);
}

/** Undefined when it has gone since it was listed. */
export function statListed({ id, path: file, isCompressed }: JournalName): JournalFile | undefined {
  return statJournal(id, file, isCompressed);
}

/** The session whose journal has this file name. */
export function idOfJournal(name: string): string | undefined {
  const ending = [PLAIN, COMPRESSED].find((each) => name.endsWith(each));
  const id = ending === undefined ? '' : name.slice(0, -ending.length);
  return isSessionId(id) ? id : undefined;
}

/** The names in a directory; none when it does not exist. @throws HoldfastError `file.unreadable`. */
export function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw unreadable(directory, error);
  }
}

/** Makes a new name in a directory outlast a loss of power. Windows cannot open a directory, and does so by itself. */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  try {
    const descriptor = openSync(directory, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Some network file systems refuse it; the file itself was synced.
  }
}

function statJournal(id: string, file: string, isCompressed: boolean): JournalFile | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  const { size, mtimeMs, ino } = stat;
  return { id, path: file, isCompressed, sizeBytes: size, mtimeMs, inode: ino };
}
