import { foldText } from './foldText.ts';
import type { Query } from './query.ts';
import type { SourceText, TextKind } from './textSource.ts';
import { patternOf } from './wordPattern.ts';

/** In a text of any length, as many places as a person could want to choose from. */
const MAX_MATCHES_OF_TERM = 1000;
/** What people said goes before what tools said. */
const weightOf: Readonly<Record<TextKind, number>> = {
  message: 2,
  note: 2,
  goal: 2,
  summary: 2,
  title: 1,
  command: 1,
  'tool-call': 1,
  file: 1,
  'tool-result': 0,
};

export interface FoundLine {
  readonly of: SourceText;
  readonly line: string;
}

/** A query made ready to be looked for in many texts. */
export class TermFinder {
  readonly patterns: readonly RegExp[];
  /** Of the words by themselves, for a line that has only the beginning of a sequence. */
  readonly wordPatterns: readonly RegExp[];

  constructor({ terms }: Query) {
    this.patterns = terms.map(patternOf);
    this.wordPatterns = terms.flatMap((term) =>
      term.words.map((word) => patternOf({ ...term, words: [word] })),
    );
  }

  /** The terms that occur in a folded text: one bit for each. */
  maskOf(folded: string): number {
    let mask = 0;
    for (const [index, pattern] of this.patterns.entries()) {
      if (pattern.test(folded)) mask |= 1 << index;
      // What is found next with it begins at the start again.
      pattern.lastIndex = 0;
    }
    return mask;
  }

  /**
   * The line by which somebody sees why something was found: one with as many terms as possible, rather of what people
   * said than of what tools put out, rather a later text, and in that the first such line. Undefined without any term.
   */
  findLine(texts: readonly SourceText[]): FoundLine | undefined {
    let best: { of: SourceText; line: number; rank: number } | undefined;
    for (const text of texts.toReversed()) {
      const folded = foldText(text.text);
      const weight = weightOf[text.kind];
      // A line has no more than its text.
      const atMost = countBits(this.maskOf(folded));
      if (atMost === 0 || atMost * 10 + weight <= (best?.rank ?? 0)) continue;
      const { line, count } = this.#bestLineOf(folded);
      const rank = count * 10 + weight;
      if (best === undefined || rank > best.rank) best = { of: text, line, rank };
    }
    if (best === undefined) return undefined;
    return { of: best.of, line: best.of.text.split('\n', best.line + 1)[best.line] ?? '' };
  }

  /** Folding keeps the newlines where they are. */
  #bestLineOf(folded: string): { line: number; count: number } {
    const masks = new Map<number, number>();
    for (const [index, pattern] of this.patterns.entries()) {
      let line = 0;
      let end = 0;
      let count = 0;
      for (const match of folded.matchAll(pattern)) {
        line += countNewlines(folded, end, match.index);
        end = match.index;
        masks.set(line, (masks.get(line) ?? 0) | (1 << index));
        count += 1;
        if (count === MAX_MATCHES_OF_TERM) break;
      }
    }
    let best = { line: 0, count: 0 };
    for (const [line, mask] of masks) {
      const count = countBits(mask);
      const isBetter = count > best.count || (count === best.count && line < best.line);
      if (isBetter) best = { line, count };
    }
    return best;
  }
}

function countBits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

function countNewlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) {
    count += 1;
  }
  return count;
}
