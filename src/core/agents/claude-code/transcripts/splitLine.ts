import { isWholeLine, parseTranscriptLine, type TranscriptLine } from './transcriptLine.ts';

/** Looking for an object's end at each of its possible beginnings may take long: after that many bytes it is given up. */
const MAX_SCANNED_BYTES = 256 * 1024 * 1024;
const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** What is in a line that is not one: whole lines that were joined, and the rest in between. */
export interface SplitLine {
  readonly whole: readonly { readonly text: string; readonly line: TranscriptLine }[];
  /** Pieces of lines whose end or beginning is lost. */
  readonly torn: readonly string[];
}

/**
 * Finds whole lines in one that cannot be read: a piece of a line that was cut off by a crash with the next line right
 * behind it, or several lines without a newline between.
 */
export function splitLine(line: Buffer): SplitLine {
  const whole: { text: string; line: TranscriptLine }[] = [];
  const torn: string[] = [];
  const addTorn = (from: number, to: number): void => {
    const piece = line.toString('utf8', from, to);
    if (/[^\0\s]/.test(piece)) torn.push(piece);
  };
  let done = 0;
  let scannedBytes = 0;
  for (let start = line.indexOf('{"'); start !== -1 && scannedBytes < MAX_SCANNED_BYTES;) {
    const end = endOfObject(line, start);
    scannedBytes += (end ?? line.length) - start;
    const parsed = end === undefined ? undefined : parseTranscriptLine(line.subarray(start, end));
    if (end !== undefined && parsed !== undefined && isWholeLine(parsed)) {
      addTorn(done, start);
      whole.push({ text: line.toString('utf8', start, end), line: parsed });
      done = end;
      start = line.indexOf('{"', end);
    } else {
      start = line.indexOf('{"', start + 1);
    }
  }
  addTorn(done, line.length);
  return { whole, torn };
}

/** Behind the bracket that closes the object which begins here; undefined when none does. */
function endOfObject(bytes: Buffer, start: number): number | undefined {
  let depth = 0;
  let isInText = false;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (isInText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isInText = false;
    } else if (byte === QUOTE) isInText = true;
    else if (byte === OPEN) depth += 1;
    else if (byte === CLOSE) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}
