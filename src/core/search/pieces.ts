import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { foldText } from './foldText.ts';
import type { FilePlan } from './planIndex.ts';
import { readBlocks, type ReadPosition, type TextBlock } from './readBlocks.ts';
import { ShortPrefixes, type Prefixes } from './shortPrefixes.ts';
import type { TextSource } from './textSource.ts';

/** So much text at most is read before it is written, unless a single line is longer. */
const PIECE_CHARACTERS = 4 * 1024 * 1024;
/**
 * Stands between folded texts as a word that nobody can search for, so that no sequence of words goes on in the next
 * one: to FTS5 every byte beyond ASCII is of a word, while folding leaves nothing of this character in a query.
 */
const BETWEEN_TEXTS = '\n\ue000\n';

export interface PreparedBlock {
  readonly number: number;
  readonly fromOffset: number;
  readonly toOffset: number;
  /** Where the text of the block ends in {@link Piece.text}; it begins where the one before ends. */
  readonly textEnd: number;
  /** See {@link packLines}. */
  readonly bytes: Uint8Array | undefined;
}

/** A part of a file in the form in which the index takes it, made where no one waits for it. */
export interface Piece {
  /** Which of the plans it belongs to. */
  readonly plan: number;
  readonly blocks: readonly PreparedBlock[];
  /** The folded texts of all blocks, in UTF-8. */
  readonly text: Uint8Array<ArrayBuffer>;
  /** How the words of the texts begin; see `shortPrefixes.ts`. */
  readonly prefixes: Prefixes;
  /** Where the file was read up to. */
  readonly position: ReadPosition;
  readonly isLast: boolean;
}

/**
 * Reads what a plan says, in pieces.
 * @throws HoldfastError `file.unreadable`.
 */
export function readPieces(
  source: TextSource,
  { file, from }: FilePlan,
  builder: PieceBuilder,
  onPiece: (piece: Piece) => void,
): void {
  const position = readBlocks(source, file, from, (block, reached) => {
    if (builder.isFull) onPiece(builder.take(builder.reached ?? from, false));
    builder.add(block, reached);
  });
  onPiece(builder.take(position, true));
}

/** Makes pieces of blocks; for one plan after the other. */
export class PieceBuilder {
  readonly #prefixes = new ShortPrefixes();
  #blocks: PreparedBlock[] = [];
  #texts: Buffer[] = [];
  #textEnd = 0;
  /** Of what will be read next. */
  plan = 0;
  /** The position behind the last block. */
  reached: ReadPosition | undefined;

  get isFull(): boolean {
    return this.#textEnd >= PIECE_CHARACTERS;
  }

  add({ number, fromOffset, toOffset, texts, bytes }: TextBlock, reached: ReadPosition): void {
    const folded = texts.map((each) => foldText(each.text)).join(BETWEEN_TEXTS);
    const text = Buffer.from(folded);
    this.#prefixes.add(text);
    this.#texts.push(text);
    this.#textEnd += text.length;
    this.#blocks.push({
      number,
      fromOffset,
      toOffset,
      textEnd: this.#textEnd,
      bytes: bytes === undefined ? undefined : packLines(bytes),
    });
    this.reached = reached;
  }

  take(position: ReadPosition, isLast: boolean): Piece {
    const text = new Uint8Array(this.#textEnd);
    let at = 0;
    for (const each of this.#texts) {
      text.set(each, at);
      at += each.length;
    }
    const piece = {
      plan: this.plan,
      blocks: this.#blocks,
      text,
      prefixes: this.#prefixes.take(),
      position,
      isLast,
    };
    this.discard();
    return piece;
  }

  /** Forgets what has been added: the file could not be read further. */
  discard(): void {
    this.#blocks = [];
    this.#texts = [];
    this.#textEnd = 0;
    this.#prefixes.take();
    this.reached = undefined;
  }
}

/** For speed rather than size. */
function packLines(bytes: Buffer): Uint8Array {
  return deflateRawSync(bytes, { level: 1 });
}

export function unpackLines(packed: Uint8Array): Buffer {
  return inflateRawSync(packed);
}
