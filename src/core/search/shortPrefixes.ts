const PREFIX_UNITS = 3;
/** Digits and letters are 1 to 36. */
const BASE = 37;
const BEYOND_ASCII = 255;
const SYMBOLS = '0123456789abcdefghijklmnopqrstuvwxyz';

const digitOf = new Uint8Array(256).fill(BEYOND_ASCII, 0x80);
for (const [index, symbol] of Array.from(SYMBOLS).entries()) {
  digitOf[symbol.charCodeAt(0)] = index + 1;
  digitOf[symbol.toUpperCase().charCodeAt(0)] = index + 1;
}

/** Two bytes are enough for any code. */
const PREFIX_CODES = BASE ** PREFIX_UNITS;

/** How some words begin, each beginning once. */
export interface Prefixes {
  /** Of letters and digits of ASCII; sorted. */
  readonly codes: Uint16Array<ArrayBuffer>;
  readonly others: readonly string[];
}

/**
 * Collects how the words of folded texts begin: their first three units, or both of a word of two. A table of these
 * answers at once what FTS5 would put together from thousands of words; its own prefix index takes twice the time to
 * build.
 */
export class ShortPrefixes {
  readonly #seen = new Uint8Array(PREFIX_CODES);
  readonly #codes: number[] = [];
  readonly #others = new Set<string>();

  /** @param text in UTF-8. */
  add(text: Buffer): void {
    const seen = this.#seen;
    const { length } = text;
    for (let index = 0; index < length;) {
      let digit = digitOf[text[index] ?? 0] ?? 0;
      if (digit === 0) {
        index += 1;
        continue;
      }
      const start = index;
      let code = 0;
      let units = 0;
      while (digit !== 0 && digit !== BEYOND_ASCII) {
        if (units < PREFIX_UNITS) code = code * BASE + digit;
        units += 1;
        index += 1;
        digit = index < length ? (digitOf[text[index] ?? 0] ?? 0) : 0;
      }
      if (digit === BEYOND_ASCII) index = this.#addOther(text, start, index);
      else if (units > 1 && seen[code] === 0) {
        seen[code] = 1;
        this.#codes.push(code);
      }
    }
  }

  /** What was collected since the last time. */
  take(): Prefixes {
    const prefixes = { codes: Uint16Array.from(this.#codes).sort(), others: [...this.#others] };
    for (const code of this.#codes) this.#seen[code] = 0;
    this.#codes.length = 0;
    this.#others.clear();
    return prefixes;
  }

  /** A word with units beyond ASCII, which is known up to an index; gives where it ends. */
  #addOther(text: Buffer, start: number, from: number): number {
    let end = from;
    while (end < text.length && digitOf[text[end] ?? 0] !== 0) end += 1;
    // A unit is three bytes at most.
    const word = text.toString('utf8', start, Math.min(end, start + 4 * PREFIX_UNITS));
    const prefix = word
      .slice(0, PREFIX_UNITS)
      .replace(/[\ud800-\udfff].*/s, '')
      .toLowerCase();
    if (prefix.length > 1) this.#others.add(prefix);
    return end;
  }
}

/**
 * The codes of all beginnings that begin with a text of two or three letters or digits: from the first, up to and
 * without the second, and the text's own. Undefined for other texts.
 */
export function codesOf(text: string): { own: number; from: number; to: number } | undefined {
  let own = 0;
  for (const unit of Buffer.from(text)) {
    const digit = digitOf[unit] ?? 0;
    if (digit === 0 || digit === BEYOND_ASCII) return undefined;
    own = own * BASE + digit;
  }
  if (text.length === PREFIX_UNITS) return { own, from: own, to: own + 1 };
  return { own, from: own * BASE, to: (own + 1) * BASE };
}
