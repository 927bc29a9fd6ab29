import { closeSync, openSync, readSync } from 'node:fs';
import { scanLines } from '../../common/appendLog.ts';
import { unreadable } from '../../common/errors.ts';
import { notText } from './fileDesk.ts';
import { isBinary } from './textFile.ts';

const CHUNK_BYTES = 1024 * 1024;
/** Some seconds on a slow disk. */
const MAX_SCANNED_BYTES = 1024 * 1024 * 1024;

/**
 * Some lines out of a file of any size, without holding more than these in memory.
 * @param firstLine counted from 1.
 * @throws HoldfastError `file.notText`, `file.unreadable`.
 */
export function readLinesOfBigFile(realPath: string, firstLine: number, count: number): string[] {
  const lines: string[] = [];
  let number = 0;
  const isDone = (): boolean => lines.length >= count;
  const take = (line: Buffer): void => {
    number += 1;
    if (number >= firstLine && !isDone()) lines.push(line.toString('utf8').replace(/\r$/, ''));
  };
  const { rest } = scanLines(chunksUntil(realPath, isDone), 0, take);
  if (rest.length > 0) take(rest);
  return lines;
}

function* chunksUntil(realPath: string, isDone: () => boolean): Generator<Buffer> {
  const descriptor = open(realPath);
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let position = 0; position < MAX_SCANNED_BYTES && !isDone();) {
      const count = readSync(descriptor, chunk, 0, CHUNK_BYTES, position);
      if (count === 0) return;
      if (position === 0 && isBinary(chunk.subarray(0, count))) throw notText(realPath);
      position += count;
      yield chunk.subarray(0, count);
    }
  } finally {
    closeSync(descriptor);
  }
}

function open(realPath: string): number {
  try {
    return openSync(realPath, 'r');
  } catch (error) {
    throw unreadable(realPath, error);
  }
}
