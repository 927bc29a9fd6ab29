import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fchownSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import path from 'node:path';
import { HoldfastError, systemErrorCode } from '../../common/errors.ts';
import { tryStat } from './tryStat.ts';

/** A file's permission bits without its type. */
const MODE_BITS = 0o7777;

/**
 * Puts bytes in a file's place, whole or not at all, and keeps its mode and owner. A file with several names (hard
 * links) or in a directory that takes no new file is written where it is instead, as any editor would.
 * @throws HoldfastError `file.notWritable`, `disk.full`.
 */
export function writeTextFile(realPath: string, bytes: Buffer): void {
  try {
    const stat = tryStat(realPath);
    if (stat === undefined) {
      mkdirSync(path.dirname(realPath), { recursive: true });
      replaceFile(realPath, bytes, undefined);
    } else if (stat.nlink > 1 || !tryReplace(realPath, bytes, stat)) {
      writeInPlace(realPath, bytes);
    }
  } catch (error) {
    throw notWritable(realPath, error);
  }
}

/** False where a new file cannot take the old one's place as it was. */
function tryReplace(realPath: string, bytes: Buffer, stat: Stats): boolean {
  try {
    replaceFile(realPath, bytes, stat);
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EXDEV', 'EBUSY'].includes(systemErrorCode(error) ?? '')) return false;
    throw error;
  }
}

function replaceFile(realPath: string, bytes: Buffer, before: Stats | undefined): void {
  // A read-only file stays read-only for us as well: the rename would not ask.
  if (before !== undefined) closeSync(openSync(realPath, 'r+'));
  const name = `.${path.basename(realPath).slice(0, 100)}.${randomBytes(6).toString('hex')}.tmp`;
  const temporary = path.join(path.dirname(realPath), name);
  try {
    const descriptor = openSync(temporary, 'wx', 0o666);
    try {
      if (before !== undefined) takeOver(descriptor, temporary, before);
      writeFileSync(descriptor, bytes);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, realPath);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function takeOver(descriptor: number, temporary: string, before: Stats): void {
  const own = statSync(temporary);
  if (own.uid !== before.uid || own.gid !== before.gid) {
    // Who may not give it away fails here (EPERM), and the file is written where it is.
    fchownSync(descriptor, before.uid, before.gid);
  }
  chmodSync(temporary, before.mode & MODE_BITS);
}

function writeInPlace(realPath: string, bytes: Buffer): void {
  const descriptor = openSync(realPath, 'r+');
  try {
    writeFileSync(descriptor, bytes);
    ftruncateSync(descriptor, bytes.length);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function notWritable(realPath: string, error: unknown): HoldfastError {
  const systemCode = systemErrorCode(error);
  const isFull = systemCode === 'ENOSPC' || systemCode === 'EDQUOT';
  return new HoldfastError(
    isFull ? 'disk.full' : 'file.notWritable',
    `writing ${realPath}: ${error instanceof Error ? error.message : String(error)}`,
    { data: { path: realPath, act: `writing ${realPath}`, systemCode }, cause: error },
  );
}
