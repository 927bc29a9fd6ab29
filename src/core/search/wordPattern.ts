import { WORD_UNITS } from './foldText.ts';
import type { Term } from './query.ts';

/** Finds a term in a folded text just as the index does: whole words, next to one another. */
export function patternOf({ words, isPrefix }: Term): RegExp {
  const sequence = words.map(anyCase).join(`[^${WORD_UNITS}]+`);
  const end = isPrefix ? '' : `(?![${WORD_UNITS}])`;
  return new RegExp(`(?<![${WORD_UNITS}])${sequence}${end}`, 'g');
}

/** Not the flag `i`: it takes more for the same letter than the folding does. */
function anyCase(word: string): string {
  return word.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}
