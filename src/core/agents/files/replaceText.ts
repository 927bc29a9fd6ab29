import { lineEndingOf, withLineEnding } from './textFile.ts';

export interface Replaced {
  readonly text: string;
  readonly count: number;
}

/**
 * Replaces each occurrence of a text in another. Line endings do not count in the search, and stay what they are in all
 * lines that are not replaced; new lines get the ending that most lines have. `count` 0: nothing was found, and the
 * text is as it was.
 */
export function replaceText(text: string, oldText: string, newText: string): Replaced {
  const wanted = oldText.replaceAll('\r\n', '\n');
  const plain = text.replaceAll('\r\n', '\n');
  const starts = occurrencesOf(plain, wanted);
  if (starts.length === 0) return { text, count: 0 };
  const given = withLineEnding(newText, lineEndingOf(text));
  if (plain.length === text.length) {
    return { text: plain.split(wanted).join(given), count: starts.length };
  }
  const offsets = createOffsets(text);
  let result = '';
  let position = 0;
  for (const start of starts) {
    result += text.slice(position, offsets(start)) + given;
    position = offsets(start + wanted.length);
  }
  return { text: result + text.slice(position), count: starts.length };
}

/** Where a text occurs, no two of them overlapping. */
export function occurrencesOf(text: string, wanted: string): number[] {
  const starts: number[] = [];
  if (wanted === '') return starts;
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length)) {
    starts.push(at);
  }
  return starts;
}

/** Which offset of a text with carriage returns an offset of the same text without them is; to be asked in order. */
function createOffsets(text: string): (plainOffset: number) => number {
  let raw = 0;
  let plain = 0;
  return (wanted) => {
    while (plain < wanted) {
      // The pair is one character of the plain text.
      raw += text[raw] === '\r' && text[raw + 1] === '\n' ? 2 : 1;
      plain += 1;
    }
    return raw;
  };
}
