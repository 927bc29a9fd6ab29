import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  writeSync,
  type PathLike,
} from 'node:fs';
import { PRIVATE_FILE_MODE, storeError } from './atomicFile.ts';
import { systemErrorCode, unreadable } from './errors.ts';

const NEWLINE = 0x0a;
const CHUNK_BYTES = 1024 * 1024;
const MIN_CHUNK_BYTES = 4096;

/** Which file a line went to: a path may name another one by now. */
export interface AppendedTo {
  readonly device: number;
  readonly inode: number;
}

/** The whole lines of a file, and what could not be read of it. */
export interface LogLines {
  readonly values: unknown[];
  /** Lines that are no JSON: torn by a crash, or damaged otherwise. */
  readonly damagedLines: number;
  /** Where the next line will begin: behind the last newline. */
  readonly endOffset: number;
}

/** What lies behind the lines that a scan has called back for. */
export interface ScannedLines {
  /** Behind the last newline. */
  readonly endOffset: number;
  /** A last line that has no newline (yet). */
  readonly rest: Buffer;
}

/** `offset` is where the line begins. The bytes are good during the call only. */
export type OnLine = (line: Buffer, offset: number) => void;

/**
 * Adds one JSON line to a file. One write(2) in append mode: lines of several processes lie behind one another, never
 * in one another. A line that an earlier writer left without its end is closed first, so that it takes no other line
 * with it.
 * @param options.isDurable also wait until the line is on the disk (fsync).
 * @param options.mustExist do not create the file.
 * @throws HoldfastError `disk.full`, `home.notWritable`; the system's own error is its cause.
 */
export function appendLineSync(
  path: string,
  value: unknown,
  options: { isDurable: boolean; mustExist?: boolean },
): AppendedTo {
  const create = options.mustExist === true ? 0 : constants.O_CREAT;
  try {
    const flags = constants.O_RDWR | constants.O_APPEND | create;
    const descriptor = openSync(path, flags, PRIVATE_FILE_MODE);
    try {
      const { dev, ino, size } = fstatSync(descriptor);
      const start = endsInMidLine(descriptor, size) ? '\n' : '';
      const bytes = Buffer.from(`${start}${JSON.stringify(value)}\n`);
      for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
      if (options.isDurable) fsyncSync(descriptor);
      return { device: dev, inode: ino };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw storeError(`adding a line to ${path}`, error);
  }
}

/**
 * Closes a last line that a writer which died has left without its end, so that what reads it takes it for whole or for
 * torn once and for all; nothing if there is no such file.
 * @throws HoldfastError `disk.full`, `home.notWritable`.
 */
export function endLastLineSync(path: string): void {
  try {
    const descriptor = openSync(path, constants.O_RDWR | constants.O_APPEND);
    try {
      if (endsInMidLine(descriptor, fstatSync(descriptor).size)) writeSync(descriptor, '\n');
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return;
    throw storeError(`ending the last line of ${path}`, error);
  }
}

/**
 * Reads the lines of a file from an offset on (the start of a line); none when there is no file. A last line without
 * its newline counts when it is whole JSON, since nobody will complete it.
 * @throws HoldfastError `file.unreadable`.
 */
export function readLinesSync(path: string, fromOffset = 0): LogLines {
  const values: unknown[] = [];
  let damagedLines = 0;
  const take = (line: Buffer): void => {
    if (line.length === 0) return;
    try {
      values.push(JSON.parse(line.toString('utf8')));
    } catch {
      damagedLines += 1;
    }
  };
  const { endOffset, rest } = scanLines(chunksOfFile(path, fromOffset), fromOffset, take);
  take(rest);
  return { values, damagedLines, endOffset };
}

/** Calls back for each line that has its newline. */
export function scanLines(
  chunks: Iterable<Buffer>,
  fromOffset: number,
  onLine: OnLine,
): ScannedLines {
  // Parts of one line that began in an earlier chunk; joined once, however many chunks it is long.
  let parts: Buffer[] = [];
  let lineStart = fromOffset;
  for (const chunk of chunks) {
    let position = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, position)) {
      const last = chunk.subarray(position, end);
      const line = parts.length === 0 ? last : Buffer.concat([...parts, last]);
      parts = [];
      onLine(line, lineStart);
      lineStart += line.length + 1;
      position = end + 1;
    }
    if (position < chunk.length) parts.push(Buffer.from(chunk.subarray(position)));
  }
  return { endOffset: lineStart, rest: Buffer.concat(parts) };
}

/**
 * The bytes of a file from an offset on, in pieces that are good until the next one is asked for; none when there is
 * no file. @throws HoldfastError `file.unreadable`.
 */
export function* chunksOfFile(path: PathLike, fromOffset: number): Generator<Buffer> {
  const descriptor = openForReading(path);
  if (descriptor === undefined) return;
  try {
    // No larger than the file: memory for ten thousand short ones keeps the garbage collector of a window busy for long.
    const restBytes = fstatSync(descriptor).size - fromOffset;
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(MIN_CHUNK_BYTES, restBytes)));
    for (let position = fromOffset; ;) {
      const count = readSync(descriptor, chunk, 0, chunk.length, position);
      if (count === 0) return;
      position += count;
      yield chunk.subarray(0, count);
    }
  } finally {
    closeSync(descriptor);
  }
}

function openForReading(path: PathLike): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw unreadable(String(path), error);
  }
}

function endsInMidLine(descriptor: number, sizeBytes: number): boolean {
  if (sizeBytes === 0) return false;
  const last = Buffer.alloc(1);
  readSync(descriptor, last, 0, 1, sizeBytes - 1);
  return last[0] !== NEWLINE;
}
