import { posix } from 'node:path';
import type { Word } from './shell/word.ts';

/** What a `Bash(…)` rule says: words, of which the last may stand for any further ones. */
export interface CommandPattern {
  readonly text: string;
  readonly words: readonly PatternWord[];
  /** Any number of further words. */
  readonly isOpen: boolean;
}

interface PatternWord {
  /** Without its quotes. */
  readonly text: string;
  /** For a word with a `*` outside of quotes. */
  readonly shape: RegExp | undefined;
  readonly isSpelledOut: boolean;
}

/** `maybe`: it depends on what is only known at run time. */
export type Match = 'yes' | 'maybe' | 'no';

const cache = new Map<string, CommandPattern>();
const MAX_CACHED = 1000;
const PARENT = /(?<![^/\\=:@,])\.\.(?![^/\\])/g;

/** `git:*` and `git *` are the same; `npm run test` is exact; a `*` elsewhere stands for one word, or a part of one. */
export function commandPatternOf(specifier: string): CommandPattern {
  const known = cache.get(specifier);
  if (known !== undefined) return known;
  const withoutColon = specifier.replace(/:\*$/, ' *').trim();
  const parts = withoutColon.match(/(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\]|['"\\])+/gs) ?? [];
  const isOpen = parts.at(-1) === '*';
  const words = (isOpen ? parts.slice(0, -1) : parts).map(patternWord);
  const pattern = { text: specifier, words, isOpen };
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(specifier, pattern);
  return pattern;
}

function patternWord(part: string): PatternWord {
  let text = '';
  let shape = '';
  let hasStar = false;
  for (const [piece] of part.matchAll(/'[^']*'|"[^"]*"|\\.|./gs)) {
    if (piece === '*') {
      hasStar = true;
      text += '*';
      shape += '.*';
      continue;
    }
    const plain = unquote(piece);
    text += plain;
    shape += plain.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  }
  return {
    text,
    shape: hasStar ? new RegExp(`^${shape}$`, 's') : undefined,
    isSpelledOut: !hasStar,
  };
}

function unquote(piece: string): string {
  if (piece.length > 1 && /^['"]/.test(piece)) return piece.slice(1, -1);
  return piece.length > 1 && piece.startsWith('\\') ? piece.slice(1) : piece;
}

/** Compares a command's words with a pattern. */
export function matchWords(pattern: CommandPattern, words: readonly Word[]): Match {
  let isCertain = true;
  for (const [index, expected] of pattern.words.entries()) {
    const word = words[index];
    if (word === undefined) return 'no';
    const match = matchWord(expected, word);
    if (match === 'no') return 'no';
    if (match === 'maybe') {
      isCertain = false;
      // It may become any number of words, so that the places of all further ones are open.
      if (word.maySplit) return 'maybe';
    }
  }
  if (words.length > pattern.words.length && !pattern.isOpen) {
    return words.slice(pattern.words.length).every(({ maySplit }) => maySplit) ? 'maybe' : 'no';
  }
  return isCertain ? 'yes' : 'maybe';
}

function matchWord({ text, shape }: PatternWord, word: Word): Match {
  // `Bash(ls *.ts)` was approved by somebody who saw it written like this.
  if (word.raw === text && word.raw !== '…') return 'yes';
  const { value } = word;
  if (value !== undefined) {
    const matches = (each: string): boolean =>
      shape === undefined ? each === text : shape.test(each);
    // Who approves `dist/*` does not mean `dist/../src`; who denies `src/*` does.
    if (matches(value)) return shape !== undefined && climbs(value, text) ? 'maybe' : 'yes';
    return climbs(value, text) && matches(posix.normalize(value)) ? 'maybe' : 'no';
  }
  return shape !== undefined || text.startsWith(word.prefix) || word.hasBraces ? 'maybe' : 'no';
}

/** Whether a word leads upwards more often than a rule says. */
function climbs(value: string, rule: string): boolean {
  const stepsOf = (text: string): number => text.match(PARENT)?.length ?? 0;
  return stepsOf(value) > stepsOf(rule);
}
