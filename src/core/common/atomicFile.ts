import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  type PathLike,
} from 'node:fs';
import { HoldfastError, systemErrorCode } from './errors.ts';

/** Only the user may read what Holdfast keeps. */
export const PRIVATE_FILE_MODE = 0o600;
export const PRIVATE_DIRECTORY_MODE = 0o700;
export const PRIVATE_EXECUTABLE_MODE = 0o700;

/**
 * Replaces a file whole, or not at all: temporary file, rename. A reader sees the old text or the new.
 * @param options.isDurable also after the machine loses power (fsync, some milliseconds).
 * @throws HoldfastError `disk.full`, or `home.notWritable` for any other failure; the old file is untouched then.
 */
export function writeFileAtomicSync(
  path: string,
  text: string,
  { mode = PRIVATE_FILE_MODE, isDurable = true } = {},
): void {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    writeNewFile(temporary, text, { mode, isDurable });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw storeError(`writing ${path}`, error);
  }
}

/**
 * Creates a file unless it exists; says whether it did. For records that only their first writer may write, about
 * processes that do not outlive the machine's power either: not fsynced, which would double the time of a start.
 * @throws HoldfastError as {@link writeFileAtomicSync}.
 */
export function createFileSync(path: string, text: string): boolean {
  try {
    writeNewFile(path, text, { mode: PRIVATE_FILE_MODE, isDurable: false });
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw storeError(`creating ${path}`, error);
  }
}

/** Turns a system error of a write to the store into ours, with the act and the path in its message. */
export function storeError(act: string, error: unknown): HoldfastError {
  const code = systemErrorCode(error);
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return new HoldfastError(
    isFull ? 'disk.full' : 'home.notWritable',
    `${act}: ${error instanceof Error ? error.message : String(error)}`,
    { data: { act, systemCode: code }, cause: error },
  );
}

function writeNewFile(
  path: PathLike,
  text: string,
  { mode, isDurable }: { mode: number; isDurable: boolean },
): void {
  const descriptor = openSync(path, 'wx', mode);
  try {
    writeFileSync(descriptor, text);
    if (isDurable) fsyncSync(descriptor);
  } catch (error) {
    // A part of it would pass for a record that is there.
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}
