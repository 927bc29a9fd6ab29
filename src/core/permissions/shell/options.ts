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
}

/** The first of the risky options among the words of a command (without its name). */
export function findRiskyOption(words: readonly Word[], risky: RiskyOptions): string | undefined {
  for (const word of words) {
    // Of a word that is only partly known, the known beginning names the option.
    const text = word.value ?? word.prefix;
    if (risky.words?.test(text)) return text;
    if (text.startsWith('--')) {
      if (risky.long?.some((name) => isOption(text, name))) return text;
    } else if (/^-[^-]/.test(text) && hasLetter(text.slice(1), risky)) return text;
  }
  return undefined;
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
