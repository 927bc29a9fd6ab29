import type { LineFrame } from './journalLines.ts';

/** A line with all its fields, checked no further than its frame. */
export type RawLine = LineFrame & Readonly<Record<string, unknown>>;

export interface ParsedLine {
  /** One for a sound line; what was found of it, perhaps none, for a damaged one. */
  readonly lines: readonly RawLine[];
  /** The same as they stood in the journal. */
  readonly texts: readonly string[];
  readonly isDamaged: boolean;
}

/** How every line of ours begins. Within a JSON text the quotes would be escaped. */
const LINE_START = /\{"v":\d+,"w":"/g;
const nothing: ParsedLine = { lines: [], texts: [], isDamaged: false };

/**
 * Reads one line of a journal. Of a damaged one it takes what is whole: behind NULs that a loss of power left, behind a
 * line that was torn, or before garbage. An approval is never taken from a damaged line: what looks like one may be
 * part of what a tool was given.
 */
export function parseJournalLine(bytes: Buffer): ParsedLine {
  if (bytes.length === 0) return nothing;
  const text = bytes.toString('utf8');
  const line = parseRaw(text);
  if (line !== undefined) return { lines: [line], texts: [text], isDamaged: false };
  if (text.trim() === '') return nothing;
  const lines: RawLine[] = [];
  const texts: string[] = [];
  let position = 0;
  for (const { index } of text.matchAll(LINE_START)) {
    if (index < position) continue;
    const piece = text.slice(index, endOfObject(text, index));
    const found = parseRaw(piece);
    if (found === undefined) continue;
    position = index + piece.length;
    if (found.type === 'permission') continue;
    lines.push(found);
    texts.push(piece);
  }
  return { lines, texts, isDamaged: true };
}

function parseRaw(text: string): RawLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isRawLine(value) ? value : undefined;
}

function isRawLine(value: unknown): value is RawLine {
  if (typeof value !== 'object' || value === null) return false;
  const { v, t, type } = value as Record<string, unknown>;
  return (
    typeof v === 'number' &&
    typeof type === 'string' &&
    typeof t === 'string' &&
    Number.isFinite(Date.parse(t))
  );
}

/** Where the object that begins at `start` ends; `start` itself when it does not. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  let isInString = false;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (isInString) {
      if (character === '\\') index += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return start;
}
