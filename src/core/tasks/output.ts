import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { HoldfastError, systemErrorCode } from '../common/errors.ts';
import { readDroppedBytes } from './readTask.ts';
import { taskDirectoryAt } from './taskDirectory.ts';

/** A piece of a task's output as it is. Offsets count bytes from the first byte the task ever wrote. */
export interface OutputBytes {
  /** Where it begins: at or after what was asked for, after what was dropped. */
  readonly from: number;
  /** Where to read on. */
  readonly to: number;
  readonly bytes: Buffer;
  /** How many of the bytes asked for are no longer kept. */
  readonly droppedBytes: number;
  /** The end of the output when this was read; beyond `to` when there is more. */
  readonly endOffset: number;
}

/** A piece of a task's output as text. */
export interface OutputRange extends Omit<OutputBytes, 'bytes'> {
  /** Valid UTF-8; bytes that are not become U+FFFD. */
  readonly text: string;
}

export interface ReadOutputOptions {
  readonly from: number;
  /** `from` is the `to` of an earlier piece, so no character was cut there: take every byte, text or not. */
  readonly continues?: boolean;
  /** How much to take at most; the rest is there at `to`. */
  readonly maxBytes?: number;
  /** The task is over: what is at the end is all that will ever come, so take every byte of it. */
  readonly isOver: boolean;
  /** Also take a last line that has no newline yet. */
  readonly includePartialLine?: boolean;
}

const DEFAULT_MAX_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;
const LONGEST_CHARACTER_BYTES = 4;

/**
 * Reads on in a task's output. Takes complete lines only, unless asked or unless a line is longer than `maxBytes`, and
 * never splits a UTF-8 character. Costs what it returns, wherever in a log of whatever size that lies.
 * @throws HoldfastError `task.logMissing`, `file.unreadable`.
 */
export function readOutput(directory: string, options: ReadOutputOptions): OutputRange {
  const { bytes, ...range } = readOutputBytes(directory, options);
  return { ...range, text: bytes.toString('utf8') };
}

/** As {@link readOutput}, for those who hand the bytes on unchanged. */
export function readOutputBytes(directory: string, options: ReadOutputOptions): OutputBytes {
  const files = taskDirectoryAt(directory);
  const { from } = options;
  // Less might hold no whole character, and the reader would never get on.
  const maxBytes = Math.max(options.maxBytes ?? DEFAULT_MAX_BYTES, LONGEST_CHARACTER_BYTES);
  const descriptor = openLog(files.output);
  try {
    for (;;) {
      const firstKept = readDroppedBytes(files);
      const endOffset = fstatSync(descriptor).size;
      const start = Math.min(Math.max(from, firstKept, 0), endOffset);
      const bytes = readBytes(descriptor, start, Math.min(maxBytes, endOffset - start));
      // The watcher records how far it drops before it drops: if that has passed us, we may have read a hole.
      const firstKeptNow = readDroppedBytes(files);
      if (firstKeptNow > start && firstKeptNow > firstKept) continue;
      const isAtEnd = start + bytes.length >= endOffset;
      const splitCharacter = options.continues === true ? 0 : skipSplitCharacter(bytes, start);
      const skipped = start > from ? skipPartialLine(bytes) : splitCharacter;
      const length =
        isAtEnd && options.isOver
          ? bytes.length
          : lengthToTake(bytes, options.includePartialLine === true, bytes.length === maxBytes);
      return {
        from: start + Math.min(skipped, length),
        to: start + length,
        bytes: bytes.subarray(Math.min(skipped, length), length),
        droppedBytes: Math.max(0, start - from),
        endOffset,
      };
    }
  } finally {
    closeSync(descriptor);
  }
}

/** The offset at which the last `lineCount` lines begin, looking at no more than `maxBytes` from the end. */
export function offsetOfTail(
  directory: string,
  lineCount: number,
  maxBytes = 64 * 1024 * 1024,
): number {
  const files = taskDirectoryAt(directory);
  const descriptor = openLog(files.output);
  try {
    const endOffset = fstatSync(descriptor).size;
    if (lineCount <= 0) return endOffset;
    const floor = Math.max(readDroppedBytes(files), endOffset - maxBytes);
    let newlines = 0;
    for (let end = endOffset; end > floor;) {
      const start = Math.max(floor, end - 64 * 1024);
      const bytes = readBytes(descriptor, start, end - start);
      for (let index = bytes.length - 1; index >= 0; index -= 1) {
        // A newline at the very end closes the last line; it does not begin another.
        if (bytes[index] !== NEWLINE || start + index === endOffset - 1) continue;
        newlines += 1;
        if (newlines === lineCount) return start + index + 1;
      }
      end = start;
    }
    return floor;
  } finally {
    closeSync(descriptor);
  }
}

/** How many lines end between two offsets; looks at no more than `maxBytes`. */
export function countLines(directory: string, from: number, maxBytes = 8 * 1024 * 1024): number {
  const files = taskDirectoryAt(directory);
  const descriptor = openLog(files.output);
  try {
    const endOffset = fstatSync(descriptor).size;
    let lines = 0;
    const start = Math.max(from, readDroppedBytes(files), endOffset - maxBytes);
    for (let position = start; position < endOffset;) {
      const bytes = readBytes(descriptor, position, Math.min(64 * 1024, endOffset - position));
      if (bytes.length === 0) break;
      for (const byte of bytes) if (byte === NEWLINE) lines += 1;
      position += bytes.length;
    }
    return lines;
  } finally {
    closeSync(descriptor);
  }
}

function openLog(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (error) {
    const isMissing = systemErrorCode(error) === 'ENOENT';
    throw new HoldfastError(
      isMissing ? 'task.logMissing' : 'file.unreadable',
      `reading ${file}: ${error instanceof Error ? error.message : String(error)}`,
      { data: { path: file }, cause: error },
    );
  }
}

function readBytes(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(Math.max(0, length));
  let filled = 0;
  while (filled < bytes.length) {
    const count = readSync(descriptor, bytes, filled, bytes.length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/** After a hole the rest of a cut line would look like a line. */
function skipPartialLine(bytes: Buffer): number {
  const newline = bytes.indexOf(NEWLINE);
  return newline === -1 ? skipSplitCharacter(bytes, 1) : newline + 1;
}

/** A reader may name any offset; a character that began before it is not for this reader. */
function skipSplitCharacter(bytes: Buffer, start: number): number {
  if (start === 0) return 0;
  let count = 0;
  while (count < 3 && ((bytes[count] ?? 0) & 0xc0) === 0x80) count += 1;
  return count;
}

function lengthToTake(bytes: Buffer, includePartialLine: boolean, isFull: boolean): number {
  const newline = bytes.lastIndexOf(NEWLINE);
  if (newline !== -1 && !includePartialLine) return newline + 1;
  // One line longer than the buffer: take what is whole of it, or the reader would never get on.
  return includePartialLine || isFull ? bytes.length - incompleteCharacterLength(bytes) : 0;
}

/** How many bytes at the end are the beginning of a character that is not all there (UTF-8, RFC 3629). */
function incompleteCharacterLength(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? back : 0;
  }
  return 0;
}
