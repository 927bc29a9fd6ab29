import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { PRIVATE_FILE_MODE, storeError } from '../common/atomicFile.ts';
import { systemErrorCode } from '../common/errors.ts';
import { syncDirectory, type SessionFiles } from './sessionFiles.ts';

/** A name beside the given one for what is not finished yet. */
export function temporaryName(file: string): string {
  return `${file}.${randomBytes(6).toString('hex')}.tmp`;
}

/** The name that a journal keeps while it is replaced, until nothing in it can be missing from its successor. */
export function replacedName(file: string): string {
  return `${file}.${randomBytes(6).toString('hex')}.replaced`;
}

/** The name that a damaged file is kept under, beside what takes its place. */
export function damagedName(file: string, nowMs: number): string {
  return `${file}.damaged-${new Date(nowMs).toISOString().replaceAll(':', '')}`;
}

/** Writes a new file in pieces and waits until it is on the disk. @throws HoldfastError `disk.full`, `home.notWritable`. */
export function writeDurableSync(file: string, pieces: Iterable<Uint8Array>): void {
  try {
    const descriptor = openSync(file, 'wx', PRIVATE_FILE_MODE);
    try {
      for (const piece of pieces) {
        for (let done = 0; done < piece.length;) done += writeSync(descriptor, piece, done);
      }
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    rmSync(file, { force: true });
    throw storeError(`writing ${file}`, error);
  }
}

/**
 * Gives a finished file its name unless that is taken, and says whether it did. The first of several wins; the
 * temporary file is gone in either case. @throws HoldfastError `disk.full`, `home.notWritable`.
 */
export function publishNew(temporary: string, file: string): boolean {
  try {
    placeExclusively(temporary, file);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw storeError(`creating ${file}`, error);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/**
 * A second name for a file that is about to be replaced, so that nothing written into it meanwhile is lost.
 * @throws HoldfastError `disk.full`, `home.notWritable`, also when the name is taken.
 */
export function keepBeside(file: string, aside: string): void {
  try {
    placeExclusively(file, aside);
  } catch (error) {
    throw storeError(`keeping ${aside}`, error);
  }
}

/** Gives a file another name that is not taken. @throws HoldfastError `disk.full`, `home.notWritable`. */
export function moveAside(file: string, aside: string): void {
  keepBeside(file, aside);
  rmSync(file, { force: true });
}

/** Puts a finished file in the place of another. @throws HoldfastError `disk.full`, `home.notWritable`. */
export function publishOver(temporary: string, file: string, files: SessionFiles): void {
  try {
    renameSync(temporary, file);
    syncDirectory(files.directory);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw storeError(`replacing ${file}`, error);
  }
}

/** link(2) never replaces, unlike rename(2). Some file systems have no links; a copy is not atomic there. */
function placeExclusively(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') throw error;
    copyFileSync(from, to, constants.COPYFILE_EXCL);
  }
}
