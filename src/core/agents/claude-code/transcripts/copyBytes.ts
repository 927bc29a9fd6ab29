import { randomBytes } from 'node:crypto';
import { closeSync, constants, fsyncSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { PRIVATE_FILE_MODE, storeError } from '../../../common/atomicFile.ts';
import { publishNew } from '../../../sessions/replaceJournal.ts';

const CHUNK_BYTES = 1024 * 1024;
/** What is compared of a long file in the usual case: its edges, and blocks between them. */
const BLOCK_BYTES = 4 * 1024;
const EDGE_BYTES = 64 * 1024;
const BLOCKS = 16;

/** A name beside the given one for what is not finished yet. */
export function unfinishedName(file: string): string {
  return `${file}.${randomBytes(6).toString('hex')}.tmp`;
}

/**
 * Copies a piece of one open file to the same place of another. Two processes that do so at once write the same bytes
 * to the same places; one that is killed leaves a shorter copy.
 */
export function copyRange(from: number, to: number, start: number, end: number): void {
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(1, end - start)));
  for (let position = start; position < end;) {
    const count = readSync(from, chunk, 0, Math.min(chunk.length, end - position), position);
    if (count === 0) return;
    for (let done = 0; done < count;) {
      done += writeSync(to, chunk, done, count - done, position + done);
    }
    position += count;
  }
}

/**
 * Copies the first bytes of an open file into a new file, whole or not at all; false when the name is taken.
 * @throws HoldfastError `disk.full`, `home.notWritable`.
 */
export function copyToNewFile(from: number, sizeBytes: number, file: string): boolean {
  const temporary = unfinishedName(file);
  try {
    const to = openSync(temporary, 'wx', PRIVATE_FILE_MODE);
    try {
      copyRange(from, to, 0, sizeBytes);
      fsyncSync(to);
    } finally {
      closeSync(to);
    }
  } catch (error) {
    rmSync(temporary, { force: true });
    throw storeError(`writing ${file}`, error);
  }
  return publishNew(temporary, file);
}

/**
 * Adds to a copy what the open original has beyond it. @throws HoldfastError `disk.full`, `home.notWritable`.
 */
export function copyRest(from: number, sizeBytes: number, copy: string, copiedBytes: number): void {
  if (sizeBytes <= copiedBytes) return;
  try {
    const to = openSync(copy, constants.O_WRONLY);
    try {
      copyRange(from, to, copiedBytes, sizeBytes);
    } finally {
      closeSync(to);
    }
  } catch (error) {
    throw storeError(`writing ${copy}`, error);
  }
}

/** Whether two open files have the same first bytes: all of them compared, or the edges and some blocks between. */
export function haveSameStart(a: number, b: number, sizeBytes: number, isWhole: boolean): boolean {
  if (isWhole || sizeBytes <= 2 * EDGE_BYTES) return isSameRange(a, b, 0, sizeBytes);
  const step = Math.floor(sizeBytes / BLOCKS);
  for (let block = 0; block < BLOCKS; block += 1) {
    if (!isSameRange(a, b, block * step, block * step + BLOCK_BYTES)) return false;
  }
  return isSameRange(a, b, sizeBytes - EDGE_BYTES, sizeBytes);
}

function isSameRange(a: number, b: number, start: number, end: number): boolean {
  const length = Math.min(CHUNK_BYTES, Math.max(1, end - start));
  const [chunkA, chunkB] = [Buffer.allocUnsafe(length), Buffer.allocUnsafe(length)];
  for (let position = start; position < end;) {
    const wanted = Math.min(length, end - position);
    const countA = readFully(a, chunkA, wanted, position);
    const countB = readFully(b, chunkB, wanted, position);
    if (countA !== wanted || countB !== wanted) return false;
    if (chunkA.compare(chunkB, 0, wanted, 0, wanted) !== 0) return false;
    position += wanted;
  }
  return true;
}

function readFully(descriptor: number, into: Buffer, wanted: number, position: number): number {
  let done = 0;
  while (done < wanted) {
    const count = readSync(descriptor, into, done, wanted - done, position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}
