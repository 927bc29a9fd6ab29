import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { storeError } from '../common/atomicFile.ts';
import { parseJournalLine } from './parseJournalLine.ts';

const NEWLINE = 0x0a;
const CHUNK_BYTES = 64 * 1024;

/**
 * Takes a last line that is not whole off a copy of a journal: its writer may have been half-way when the copy was
 * made, and goes on in the original. @throws HoldfastError `disk.full`, `home.notWritable`.
 */
export function cutUnfinishedLine(file: string): void {
  try {
    const descriptor = openSync(file, 'r+');
    try {
      const { size } = fstatSync(descriptor);
      const lastLine = readLastLine(descriptor, size);
      if (lastLine.length === 0) return;
      const { lines, isDamaged } = parseJournalLine(lastLine);
      const isWhole = !isDamaged && lines.length > 0;
      if (!isWhole) ftruncateSync(descriptor, size - lastLine.length);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw storeError(`copying ${file}`, error);
  }
}

/** What stands behind the last newline. */
function readLastLine(descriptor: number, sizeBytes: number): Buffer {
  const pieces: Buffer[] = [];
  for (let end = sizeBytes; end > 0;) {
    const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, end));
    readSync(descriptor, chunk, 0, chunk.length, end - chunk.length);
    const newline = chunk.lastIndexOf(NEWLINE);
    pieces.unshift(chunk.subarray(newline + 1));
    if (newline !== -1) break;
    end -= chunk.length;
  }
  return Buffer.concat(pieces);
}
