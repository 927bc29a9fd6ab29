import { closeSync, openSync, readSync } from 'node:fs';
import { unreadable } from '../common/errors.ts';
import { chunksOfFile, scanLines, type OnLine } from '../common/appendLog.ts';
import { decompressFile } from '../sessions/readJournal.ts';
import { factsAfter, noFacts, type SessionFacts } from './sessionFacts.ts';
import type { SourceFile, SourceText, TextSource } from './textSource.ts';

/** How much of a file is found as one: words in the same block are close together. Never to be changed alone. */
export const BLOCK_BYTES = 32 * 1024;
const TAIL_BYTES = 64;
const SMALL_FILE_BYTES = 1024 * 1024;

/** The texts of the lines that begin in one stretch of {@link BLOCK_BYTES} of a file. */
export interface TextBlock {
  /** Counts the stretches, of which some may have no text. */
  readonly number: number;
  readonly fromOffset: number;
  readonly toOffset: number;
  readonly texts: readonly SourceText[];
  /** The lines themselves, of a compressed file: where they would have to be unpacked again to be read. */
  readonly bytes: Buffer | undefined;
}

/** Where the next reading of a file goes on. */
export interface ReadPosition {
  /** Behind the last whole line. */
  readonly offset: number;
  /** The bytes before it, by which a file is known again. */
  readonly tail: string;
  readonly facts: SessionFacts;
}

export const startPosition: ReadPosition = { offset: 0, tail: '', facts: noFacts };

/**
 * Calls back for each block with text from an offset on, which is the start of a block's first line. A last line without
 * its newline is read like the others, since nobody may ever complete it, but the next reading begins before it.
 * The callback gets the position behind the block; it is the last one that counts.
 * @throws HoldfastError `file.unreadable`.
 */
export function readBlocks(
  source: TextSource,
  file: SourceFile,
  from: ReadPosition,
  onBlock: (block: TextBlock, position: ReadPosition) => void,
): ReadPosition {
  const collector = new BlockCollector(source, file.isCompressed, from, onBlock);
  const chunks = chunksOf(file, from.offset);
  const { endOffset, rest } = scanLines(chunks, from.offset, collector.take);
  return collector.end(endOffset, rest);
}

/**
 * The text of a file from an offset on, in pieces that are good until the next one is asked for. Most files are small:
 * memory of the usual size of a piece for each of them would keep the garbage collector busy.
 * @throws HoldfastError `file.unreadable`.
 */
export function chunksOf(
  { path, isCompressed, sizeBytes }: SourceFile,
  offset: number,
): Iterable<Buffer> {
  if (isCompressed) return [decompressFile(path).bytes.subarray(offset)];
  const isSmall = sizeBytes - offset <= SMALL_FILE_BYTES;
  return isSmall ? [readRange(path, offset, sizeBytes)] : chunksOfFile(path, offset);
}

class BlockCollector {
  readonly #source: TextSource;
  readonly #keepsBytes: boolean;
  readonly #onBlock: (block: TextBlock, position: ReadPosition) => void;
  #facts: SessionFacts;
  #tail: string;
  /** Of the line that was read last. */
  #lastLine: Buffer | undefined;
  #number = -1;
  #fromOffset = 0;
  #toOffset = 0;
  #texts: SourceText[] = [];
  #lines: Buffer[] = [];

  constructor(
    source: TextSource,
    keepsBytes: boolean,
    from: ReadPosition,
    onBlock: (block: TextBlock, position: ReadPosition) => void,
  ) {
    this.#source = source;
    this.#keepsBytes = keepsBytes;
    this.#onBlock = onBlock;
    this.#facts = from.facts;
    this.#tail = from.tail;
  }

  readonly take: OnLine = (line, offset) => {
    const number = Math.floor(offset / BLOCK_BYTES);
    if (number !== this.#number) this.#begin(number, offset);
    this.#read(line, offset);
    // Copied: the bytes are good during the call only.
    this.#lastLine = Buffer.from(line.subarray(-TAIL_BYTES));
  };

  end(endOffset: number, rest: Buffer): ReadPosition {
    if (rest.length > 0) {
      const number = Math.floor(endOffset / BLOCK_BYTES);
      if (number !== this.#number) this.#begin(number, endOffset);
      this.#read(rest, endOffset);
    }
    const position = this.#position(endOffset);
    this.#flush(position);
    return { ...position, facts: this.#facts };
  }

  #begin(number: number, offset: number): void {
    this.#flush(this.#position(offset));
    this.#number = number;
    this.#fromOffset = offset;
  }

  #read(line: Buffer, offset: number): void {
    for (const text of this.#source.textsOf(line)) {
      this.#texts.push(text);
      this.#facts = factsAfter(this.#facts, text);
    }
    this.#toOffset = offset + line.length;
    if (this.#keepsBytes) this.#lines.push(line);
  }

  #position(offset: number): ReadPosition {
    const tail = this.#lastLine?.toString('base64') ?? this.#tail;
    return { offset, tail, facts: this.#facts };
  }

  #flush(position: ReadPosition): void {
    if (this.#texts.length > 0) {
      const block = {
        number: this.#number,
        fromOffset: this.#fromOffset,
        toOffset: this.#toOffset,
        texts: this.#texts,
        bytes: this.#keepsBytes ? joinLines(this.#lines) : undefined,
      };
      this.#onBlock(block, position);
    }
    this.#texts = [];
    this.#lines = [];
  }
}

/** Whether a plain file still has, before this position, what was read there. */
export function isContinued(file: SourceFile, { offset, tail }: ReadPosition): boolean {
  if (file.isCompressed || offset === 0 || offset > file.sizeBytes) return false;
  const expected = Buffer.from(tail, 'base64');
  // The newline itself stands at offset - 1.
  const from = offset - 1 - expected.length;
  return from >= 0 && tryReadRange(file.path, from, offset - 1).equals(expected);
}

/** The bytes of a stretch of lines; none when the file is another one by now, or gone. */
export function bytesInRange(
  file: SourceFile,
  { fromOffset, toOffset }: { fromOffset: number; toOffset: number },
): Buffer {
  return file.isCompressed
    ? decompressFile(file.path).bytes.subarray(fromOffset, toOffset)
    : tryReadRange(file.path, fromOffset, toOffset);
}

/** The texts of those lines that are wanted. */
export function textsInBytes(
  source: TextSource,
  bytes: Buffer,
  isWanted: (line: Buffer) => boolean,
): SourceText[] {
  const texts: SourceText[] = [];
  const take = (line: Buffer): void => {
    if (isWanted(line)) texts.push(...source.textsOf(line));
  };
  take(scanLines([bytes], 0, take).rest);
  return texts;
}

/** Nothing of a file that was deleted, or is not ours to read any more. */
function tryReadRange(path: string, fromOffset: number, toOffset: number): Buffer {
  try {
    return readRange(path, fromOffset, toOffset);
  } catch {
    return Buffer.alloc(0);
  }
}

/** @throws HoldfastError `file.unreadable`. */
function readRange(path: string, fromOffset: number, toOffset: number): Buffer {
  try {
    const descriptor = openSync(path, 'r');
    try {
      const bytes = Buffer.allocUnsafe(Math.max(0, toOffset - fromOffset));
      return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, fromOffset));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

function joinLines(lines: readonly Buffer[]): Buffer {
  const newline = Buffer.from('\n');
  return Buffer.concat(lines.flatMap((line) => [line, newline]));
}
