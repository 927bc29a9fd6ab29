import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { PRIVATE_DIRECTORY_MODE, storeError, writeFileAtomicSync } from '../common/atomicFile.ts';
import { HoldfastError } from '../common/errors.ts';
import { readSmallFileSync } from '../common/jsonFile.ts';
import { taskDirectoryAt } from './taskDirectory.ts';

const READER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** How far a reader has read a task's output; 0 for one that has not read yet. */
export function readCursor(directory: string, reader: string): number {
  const text = readSmallFileSync(cursorFile(directory, reader))?.trim() ?? '0';
  return /^\d+$/.test(text) ? Number(text) : 0;
}

/**
 * Remembers how far a reader has read. Readers have a file each, so they never disturb one another.
 * @throws HoldfastError `input.invalid` for an unusable name, `disk.full`, `home.notWritable`.
 */
export function writeCursor(directory: string, reader: string, offset: number): void {
  const file = cursorFile(directory, reader);
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
  } catch (error) {
    throw storeError(`creating ${path.dirname(file)}`, error);
  }
  writeFileAtomicSync(file, `${String(offset)}\n`);
}

/** @throws HoldfastError `input.invalid` for a name that could not be a file's everywhere. */
export function requireReaderName(reader: string): string {
  if (READER_NAME.test(reader)) return reader;
  throw new HoldfastError(
    'input.invalid',
    `a reader's name has letters, digits, ".", "_", "-", at most 64: ${JSON.stringify(reader)}`,
  );
}

function cursorFile(directory: string, reader: string): string {
  return path.join(taskDirectoryAt(directory).cursors, requireReaderName(reader));
}
