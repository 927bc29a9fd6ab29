import { isAnsweredByScreen, isForOneTerminal, mayAsk } from './queries.ts';

/** What terminals are shown of a piece of output; complete characters and sequences only. */
export interface ScannedOutput {
  /** For the screen, which answers what programs ask of a terminal. */
  readonly all: Buffer;
  /** Without what the screen answers: several answers would reach the program as if typed. */
  readonly shown: Buffer;
  /** Without what only one terminal may answer, besides (its colours): for all the others. */
  readonly shownToOthers: Buffer;
}

const BEL = 0x07;
const CAN = 0x18;
const SUB = 0x1a;
const ESC = 0x1b;
const BRACKET = 0x5b;
const BACKSLASH = 0x5c;
/** A picture or a clipboard in one sequence may be large; beyond this its parts go out as they come. */
const MAX_HELD_BYTES = 1024 * 1024;
/** The introducers of strings, which end with ST: DCS, SOS, OSC, PM, APC. */
const STRING_STARTS = new Set(Array.from('PX]^_', (char) => char.charCodeAt(0)));

/**
 * Cuts output where no character or escape sequence is cut, whatever pieces it comes in: only there can a terminal be
 * joined, or a picture of the screen be followed by what comes next. An unfinished end is held until the rest comes.
 */
export class SequenceScanner {
  #held: Buffer = Buffer.alloc(0);

  scan(chunk: Buffer): ScannedOutput {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const cuts: Cut[] = [];
    let at = bytes.indexOf(ESC);
    let end = bytes.length;
    while (at >= 0) {
      const next = endOfSequence(bytes, at);
      if (next === undefined) {
        if (bytes.length - at <= MAX_HELD_BYTES) end = at;
        break;
      }
      noteQuery(cuts, bytes, at, next);
      at = bytes.indexOf(ESC, next);
    }
    end = endOfCharacters(bytes, end);
    this.#held = end === bytes.length ? Buffer.alloc(0) : Buffer.from(bytes.subarray(end));
    const all = bytes.subarray(0, end);
    return {
      all,
      shown: without(
        all,
        cuts.filter(({ isAnswered }) => isAnswered),
      ),
      shownToOthers: without(all, cuts),
    };
  }

  /** What no rest came for. */
  finish(): Buffer {
    const rest = this.#held;
    this.#held = Buffer.alloc(0);
    return rest;
  }
}

interface Cut {
  readonly from: number;
  readonly to: number;
  readonly isAnswered: boolean;
}

function noteQuery(cuts: Cut[], bytes: Buffer, from: number, to: number): void {
  // The longest of interest is a list of colours.
  if (to - from > 256) return;
  if (bytes[from + 1] === BRACKET && !mayAsk(bytes[to - 1] ?? 0)) return;
  const sequence = bytes.toString('latin1', from + 1, to);
  const isAnswered = isAnsweredByScreen(sequence);
  if (isAnswered || isForOneTerminal(sequence)) cuts.push({ from, to, isAnswered });
}

function without(bytes: Buffer, cuts: readonly Cut[]): Buffer {
  if (cuts.length === 0) return bytes;
  const parts: Buffer[] = [];
  let at = 0;
  for (const { from, to } of cuts) {
    parts.push(bytes.subarray(at, from));
    at = to;
  }
  return Buffer.concat([...parts, bytes.subarray(at)]);
}

/** Where the sequence that begins here is over, or undefined if it goes on beyond the bytes. */
function endOfSequence(bytes: Buffer, start: number): number | undefined {
  const introducer = bytes[start + 1];
  if (introducer === undefined) return undefined;
  if (introducer === ESC) return start + 1;
  if (introducer === BRACKET) return endOfParameters(bytes, start + 2, 0x40);
  if (STRING_STARTS.has(introducer)) return endOfString(bytes, start + 2);
  // Any other: intermediates (0x20 to 0x2f), then one final byte.
  return endOfParameters(bytes, start + 1, 0x30);
}

/** Control characters are obeyed inside a sequence; CAN, SUB and another ESC break it off. */
function endOfParameters(bytes: Buffer, from: number, leastFinal: number): number | undefined {
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === ESC) return at;
    if (byte === CAN || byte === SUB) return at + 1;
    if (byte >= leastFinal && byte <= 0x7e) return at + 1;
  }
  return undefined;
}

function endOfString(bytes: Buffer, from: number): number | undefined {
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === BEL || byte === CAN || byte === SUB) return at + 1;
    if (byte === ESC) {
      if (bytes[at + 1] === undefined) return undefined;
      return bytes[at + 1] === BACKSLASH ? at + 2 : at;
    }
  }
  return undefined;
}

/** Steps back over the beginning of a UTF-8 character whose rest is missing. */
function endOfCharacters(bytes: Buffer, end: number): number {
  for (let back = 1; back <= 3 && back <= end; back += 1) {
    const byte = bytes[end - back] ?? 0;
    if (byte < 0x80) return end;
    if (byte >= 0xc0) return lengthOfCharacter(byte) > back ? end - back : end;
  }
  return end;
}

function lengthOfCharacter(first: number): number {
  if (first >= 0xf8) return 1;
  if (first >= 0xf0) return 4;
  return first >= 0xe0 ? 3 : 2;
}
