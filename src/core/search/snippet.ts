import { foldLine, foldText } from './foldText.ts';

/** A part of a text, in UTF-16 units; the end is behind the last one. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export interface Snippet {
  readonly text: string;
  /** Of the matches, in their order, none touching another. */
  readonly ranges: readonly TextRange[];
}

const MAX_CHARACTERS = 160;
/** How much of the line is shown before the first match when the line does not fit. */
const LEAD_CHARACTERS = 40;
/** A longer line is looked at in windows of this length, with an overlap. */
const WINDOW_CHARACTERS = 20_000;
const OVERLAP_CHARACTERS = 200;
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
const LOW_SURROGATE = /^[\udc00-\udfff]/;
const HIGH_SURROGATE = /[\ud800-\udbff]$/;

/** The part of a line around its first match, at most {@link MAX_CHARACTERS} long without its ellipses. */
export function snippetOf(line: string, patterns: readonly RegExp[]): Snippet {
  const window = windowStart(line, patterns);
  const shown = line.slice(window, window + WINDOW_CHARACTERS).replace(CONTROL_CHARACTERS, ' ');
  const matches = findRanges(shown, patterns);
  const { start, end } = cutAround(shown, matches[0]?.start);
  const isCutBefore = window > 0 || shown.slice(0, start).trim() !== '';
  const isCutAfter = window + WINDOW_CHARACTERS < line.length || shown.slice(end).trim() !== '';
  const lead = isCutBefore ? '…' : '';
  const text = `${lead}${shown.slice(start, end)}${isCutAfter ? '…' : ''}`;
  const ranges = matches
    .filter((range) => range.start < end && range.end > start)
    .map((range) => ({
      start: Math.max(range.start, start) - start + lead.length,
      end: Math.min(range.end, end) - start + lead.length,
    }));
  return { text, ranges };
}

/** Which part is shown: all of it where it fits, else with a little of what stands before the match. */
function cutAround(shown: string, firstMatch: number | undefined): TextRange {
  const textEnd = shown.trimEnd().length;
  const textStart = textEnd === 0 ? 0 : shown.search(/\S/);
  const lead = (firstMatch ?? textStart) - LEAD_CHARACTERS;
  let start = Math.max(textStart, Math.min(lead, textEnd - MAX_CHARACTERS));
  if (LOW_SURROGATE.test(shown.slice(start))) start += 1;
  let end = Math.min(textEnd, start + MAX_CHARACTERS);
  if (end < textEnd && HIGH_SURROGATE.test(shown.slice(start, end))) end -= 1;
  return { start, end };
}

/** Where the first window begins in which anything matches. */
function windowStart(line: string, patterns: readonly RegExp[]): number {
  for (let start = 0; start < line.length; start += WINDOW_CHARACTERS - OVERLAP_CHARACTERS) {
    const folded = foldText(line.slice(start, start + WINDOW_CHARACTERS));
    if (patterns.some((pattern) => folded.search(pattern) !== -1)) return start;
  }
  return 0;
}

/** Where a line matches, sorted and joined where they overlap. */
export function findRanges(line: string, patterns: readonly RegExp[]): TextRange[] {
  const { text, origins } = foldLine(line);
  const found = patterns.flatMap((pattern) =>
    Array.from(text.matchAll(pattern), ({ 0: match, index }) => {
      const start = origins[index] ?? 0;
      return { start, end: endOf(origins, index + match.trimEnd().length, start) };
    }),
  );
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const ranges: { start: number; end: number }[] = [];
  for (const { start, end } of found) {
    const last = ranges.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
    else ranges.push({ start, end });
  }
  return ranges;
}

/** The origin of the unit behind, or of the first one behind that comes from elsewhere than the last one. */
function endOf(origins: readonly number[], index: number, start: number): number {
  const last = origins[index - 1] ?? start;
  let end = index;
  while (end < origins.length - 1 && (origins[end] ?? 0) <= last) end += 1;
  return origins[end] ?? last;
}
