import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';

export type Encoding = 'utf8' | 'utf16le' | 'utf16be';

/** A file's bytes as text. */
export interface TextFile {
  /** Without the byte order mark, with the line endings that it has. */
  readonly text: string;
  readonly encoding: Encoding;
  readonly hasMark: boolean;
  /** Whether encoding the text gives the same bytes again; a file of another character set must not be written back. */
  readonly isLossless: boolean;
}

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16LE_MARK = Buffer.from([0xff, 0xfe]);
const UTF16BE_MARK = Buffer.from([0xfe, 0xff]);
/** As git does: what has a NUL in its beginning is no text. */
const SNIFFED_BYTES = 8000;

/** Undefined for what is no text. */
export function decodeText(bytes: Buffer): TextFile | undefined {
  if (startsWith(bytes, UTF16LE_MARK) && bytes.length % 2 === 0) {
    const text = bytes.subarray(2).toString('utf16le');
    return { text, encoding: 'utf16le', hasMark: true, isLossless: true };
  }
  if (startsWith(bytes, UTF16BE_MARK) && bytes.length % 2 === 0) {
    const text = Buffer.from(bytes.subarray(2)).swap16().toString('utf16le');
    return { text, encoding: 'utf16be', hasMark: true, isLossless: true };
  }
  if (isBinary(bytes)) return undefined;
  const hasMark = startsWith(bytes, UTF8_MARK);
  const text = (hasMark ? bytes.subarray(3) : bytes).toString('utf8');
  return { text, encoding: 'utf8', hasMark, isLossless: isUtf8(bytes) };
}

export function encodeText(
  text: string,
  { encoding, hasMark }: Pick<TextFile, 'encoding' | 'hasMark'>,
): Buffer {
  if (encoding === 'utf8') {
    const bytes = Buffer.from(text, 'utf8');
    return hasMark ? Buffer.concat([UTF8_MARK, bytes]) : bytes;
  }
  const bytes = Buffer.from(text, 'utf16le');
  return encoding === 'utf16le'
    ? Buffer.concat([UTF16LE_MARK, bytes])
    : Buffer.concat([UTF16BE_MARK, bytes.swap16()]);
}

/** A text as it goes into a file: the mark of a file that has one is not part of its text. */
export function withoutMark(text: string, { hasMark }: Pick<TextFile, 'hasMark'>): string {
  return hasMark ? text.replace(/^\uFEFF/, '') : text;
}

export function isBinary(bytes: Buffer): boolean {
  return bytes.subarray(0, SNIFFED_BYTES).includes(0);
}

/** The line ending that most lines of a text have. */
export function lineEndingOf(text: string): '\n' | '\r\n' {
  const pairs = text.match(/\r\n/g)?.length ?? 0;
  if (pairs === 0) return '\n';
  const all = text.match(/\n/g)?.length ?? 0;
  return pairs * 2 > all ? '\r\n' : '\n';
}

export function withLineEnding(text: string, ending: '\n' | '\r\n'): string {
  const plain = text.replaceAll('\r\n', '\n');
  return ending === '\n' ? plain : plain.replaceAll('\n', '\r\n');
}

/** What a text is known by: SHA-256 in hex. */
export function hashBytes(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function startsWith(bytes: Buffer, mark: Buffer): boolean {
  return bytes.subarray(0, mark.length).equals(mark);
}
