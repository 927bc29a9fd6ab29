import type { Word } from './word.ts';

/** Which options of a program make it run, load or write something else than its own work. */
export interface RiskyOptions {
  /** Letters, also in clusters (`-xzf`). */
  readonly short?: string;
  /** Letters that take the rest of their word as a value, so that no cluster goes on behind them. */
  readonly valued?: string;
  /** Names without their dashes; getopt takes any beginning of them. */
  readonly long?: readonly string[];
  /** Whole words, of programs with options of their own kind. */
  readonly words?: RegExp;
  /** What is risky wherever a program is told it, in a word without a dash or as the value of an option. */
  readonly values?: RegExp;
  /** Words without a dash may be risky as well, as long as what is known of them does not reach one of these. */
  readonly bareUntil?: RegExp;
  /** They do little harm: what may have the name of one by accident (`file *`) is let pass. */
  readonly isNuisance?: boolean;
}

/** The first of the risky options among the words of a command (without its name). */
export function findRiskyOption(words: readonly Word[], risky: RiskyOptions): string | undefined {
  for (const word of words) {
    // Of a word that is only partly known, the known beginning names the option; or all of it, when variables are empty.
    if ([word.value ?? word.prefix, word.visible].some((text) => isRisky(text, risky))) {
      return word.value ?? word.raw;
    }
  }
  return undefined;
}

function isRisky(text: string, risky: RiskyOptions): boolean {
  if (risky.words?.test(text) || risky.values?.test(text)) return true;
  if (text.startsWith('--')) return risky.long?.some((name) => isOption(text, name)) === true;
  return /^-[^-]/.test(text) && hasLetter(text.slice(1), risky);
}

/** Whether nothing is known of how a word begins, so that it may be anything, or several words. */
export function isFree(word: Word): boolean {
  const { raw, value, pieces, hasBraces } = word;
  if (value !== undefined) return false;
  return (
    hasBraces || holdsDirectory(word) || (pieces[0]?.kind === 'unknown' && !raw.startsWith('~'))
  );
}

/** Whether a word becomes several with the name of a directory, which anybody may have made with blanks in it. */
export function holdsDirectory({ maySplit, variables }: Word): boolean {
  return maySplit && variables.some((name) => /^(OLD)?PWD$/.test(name));
}

/** Whether a word of which only a part is known may turn out to be one of the risky options. */
export function mayBeRisky(word: Word, risky: RiskyOptions): boolean {
  const { value, prefix } = word;
  if (value !== undefined) return false;
  if (isFree(word) || prefix === '-') return true;
  const { words, short, valued = '', long = [], bareUntil } = risky;
  if (!prefix.startsWith('-'))
    return prefix !== '' && bareUntil !== undefined && !bareUntil.test(prefix);
  // The name of the option is known.
  if (prefix.includes('=')) return false;
  if (prefix.startsWith('--')) {
    return words !== undefined || long.some((name) => name.startsWith(prefix.slice(2)));
  }
  // Only of letters is it known that they stand one by one.
  const letters = words === undefined ? Array.from(prefix.slice(1)) : [prefix.charAt(1)];
  return (
    (words !== undefined || short !== undefined) &&
    !letters.some((letter) => valued.includes(letter))
  );
}

/** Whether a word is one of these, or may become one. */
export function mayMean({ value, prefix }: Word, names: readonly string[]): boolean {
  return value === undefined
    ? names.some((name) => name.startsWith(prefix))
    : names.includes(value);
}

/** `--long`, `--long=value`, or a beginning of it that getopt would complete. */
function isOption(text: string, name: string): boolean {
  const given = text.slice(2).split('=', 1)[0] ?? '';
  return given.length > 0 && name.startsWith(given);
}

function hasLetter(letters: string, { short = '', valued = '' }: RiskyOptions): boolean {
  for (const letter of letters) {
    if (short.includes(letter)) return true;
    if (valued.includes(letter)) return false;
  }
  return false;
}
