import { closeSync, mkdirSync, openSync, rmSync, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import { PRIVATE_FILE_MODE, storeError } from '../common/atomicFile.ts';

/** Longer than making an index anew ever takes; whoever holds the claim then was killed. */
const CLAIM_AGE_MS = 30_000;
/** What statfs(2) calls the file systems of other machines: NFS, SMB, CIFS, SMB2, 9P, FUSE, Ceph, AFS. */
const REMOTE_TYPES = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997, 0x65735546, 0x00c36400, 0x5346414f,
]);

export function indexFileIn(home: string): string {
  return path.join(home, 'index.sqlite');
}

/** Undefined when there is none. */
export function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino;
}

/**
 * Makes sure that only the user can read the index, its companions included, which get the same mode. A write-ahead log
 * that has lost its database belongs to none that is made now.
 * @throws HoldfastError `disk.full`, `home.notWritable`.
 */
export function prepareIndexFile(file: string): void {
  try {
    if (inodeOf(file) === undefined) removeCompanions(file);
    closeSync(openSync(file, 'a', PRIVATE_FILE_MODE));
  } catch (error) {
    throw storeError(`creating ${file}`, error);
  }
}

/**
 * Deletes an index that cannot be used, unless another process has done so already: then it has another inode.
 * @throws HoldfastError `home.notWritable`.
 */
export function discardIndexFile(file: string, inode: number | undefined): void {
  const claim = `${file}.discard`;
  if (!tryClaim(claim)) return;
  try {
    if (inodeOf(file) !== inode) return;
    removeCompanions(file);
    rmSync(file, { force: true });
  } catch (error) {
    throw storeError(`deleting ${file}`, error);
  } finally {
    rmSync(claim, { recursive: true, force: true });
  }
}

/** Whether several machines may use the file at once: SQLite's write-ahead log needs memory that they would share. */
export function isOnRemoteDisk(file: string): boolean {
  try {
    return REMOTE_TYPES.has(statfsSync(path.dirname(file)).type);
  } catch {
    return false;
  }
}

function tryClaim(claim: string): boolean {
  const stat = statSync(claim, { throwIfNoEntry: false });
  if (stat !== undefined && Date.now() - stat.mtimeMs > CLAIM_AGE_MS) {
    rmSync(claim, { recursive: true, force: true });
  }
  try {
    mkdirSync(claim);
    return true;
  } catch {
    return false;
  }
}

function removeCompanions(file: string): void {
  for (const ending of ['-wal', '-shm', '-journal']) rmSync(file + ending, { force: true });
}
