import { codesOf, type Prefixes } from './shortPrefixes.ts';
import type { Database } from './sqlite.ts';

/** Around each of the beginnings with other letters than those of ASCII. */
const SEPARATOR = ' ';

/** Beginnings as a row of the table `prefix` has them. */
export interface PrefixRow {
  readonly codes: Uint8Array<ArrayBuffer>;
  readonly others: string;
}

export function prefixRow({ codes, others }: Prefixes): PrefixRow {
  const text = others.length === 0 ? '' : [...new Set(['', ...others, ''])].join(SEPARATOR);
  return { codes: new Uint8Array(codes.buffer, codes.byteOffset, codes.byteLength), others: text };
}

/** A row with more beginnings. */
export function mergePrefixes(
  before: Readonly<Record<string, unknown>>,
  { codes, others }: Prefixes,
): PrefixRow {
  const allCodes = new Set([...codesIn(before['codes']), ...codes]);
  const othersBefore =
    typeof before['others'] === 'string' ? before['others'].split(SEPARATOR) : [];
  return prefixRow({
    codes: Uint16Array.from(allCodes).sort(),
    others: [...othersBefore, ...others].filter((other) => other !== ''),
  });
}

/** The beginnings of the words of all items, kept in memory as long as the index does not change. */
export class ItemPrefixes {
  readonly #items: number[] = [];
  readonly #codes: Uint16Array[] = [];
  readonly #others: string[] = [];

  constructor(database: Database) {
    const rows = database.prepare('SELECT item, codes, others FROM prefix');
    for (const { item, codes, others } of rows.iterate()) {
      this.#items.push(Number(item));
      this.#codes.push(codesIn(codes));
      this.#others.push(String(others));
    }
  }

  /** The items with a word that begins with this text of two or three letters. */
  *itemsWith(text: string): Generator<number> {
    const range = codesOf(text);
    const other = SEPARATOR + text;
    for (const [index, item] of this.#items.entries()) {
      const codes = this.#codes[index];
      const hasCode =
        range !== undefined &&
        codes !== undefined &&
        (hasAny(codes, range.own, range.own + 1) || hasAny(codes, range.from, range.to));
      if (hasCode || this.#others[index]?.includes(other) === true) yield item;
    }
  }
}

function codesIn(bytes: unknown): Uint16Array {
  if (!(bytes instanceof Uint8Array)) return new Uint16Array(0);
  // Numbers of two bytes must begin at an even address.
  const { buffer, byteOffset, length } = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Uint16Array(buffer, byteOffset, length >> 1);
}

/** Whether there is a number in a range, of sorted ones. */
function hasAny(codes: Uint16Array, from: number, to: number): boolean {
  let low = 0;
  let high = codes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((codes[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return (codes[low] ?? to) < to;
}
