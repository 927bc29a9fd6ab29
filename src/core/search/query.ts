import { foldText, isUnspaced, WORD_UNITS } from './foldText.ts';

/** More would be no search any more, but a text that somebody has pasted. */
const MAX_TERMS = 16;
const MAX_WORDS_OF_TERM = 32;
/** Beginnings of up to this many letters occur everywhere; what is asked of them is less. See {@link Term}. */
const SHORT_LETTERS = 3;

const WORDS = new RegExp(`[${WORD_UNITS}]+`, 'g');
/** A quoted phrase, whose end may be missing yet, or what stands between spaces. */
const PIECES = /["“”„]([^"“”„]*)(["“”„]\*?|$)|[^\s"“”„]+/g;

/** What must occur in a session for it to be found: words next to one another in one text. */
export interface Term {
  /** Folded, in lower case. One at least. */
  readonly words: readonly string[];
  /** Longer words that begin with the last one count too. */
  readonly isPrefix: boolean;
  /** A single beginning of two or three letters. The index knows its sessions, but not where in them. */
  readonly isShort: boolean;
}

/** What somebody searches for: every term must occur in a session. */
export interface Query {
  readonly terms: readonly Term[];
}

/**
 * Understands any text. Words are beginnings of words; `foo_bar`, `a/b.c` and words of Chinese, Japanese, Korean or Thai
 * are sequences; "in quotes" stands a sequence of whole words, whose last is a beginning when a `*` follows.
 */
export function parseQuery(text: string): Query {
  const terms = new Map<string, Term>();
  for (const match of text.matchAll(PIECES)) {
    const [piece, quoted, end] = match;
    const isPrefix = quoted === undefined || end?.endsWith('*') === true;
    const term = termOf(wordsOf(quoted ?? piece), isPrefix);
    if (term !== undefined && terms.size < MAX_TERMS) terms.set(JSON.stringify(term), term);
  }
  return { terms: [...terms.values()] };
}

/** The words of a text, folded, in lower case. */
export function wordsOf(text: string): string[] {
  return Array.from(foldText(text).matchAll(WORDS), ([word]) => toLowerAscii(word));
}

/** What SQLite's `ascii` tokenizer does; beyond ASCII, a folded text is in lower case. */
function toLowerAscii(word: string): string {
  return word.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * The term by which a found text is shown: the longest, as the rarest as a rule, and not a short one if there is
 * another. Undefined when there is no term at all.
 */
export function anchorOf({ terms }: Query): Term | undefined {
  const rank = ({ words, isShort }: Term): number => words.join('').length - (isShort ? 1000 : 0);
  return terms.reduce<Term | undefined>(
    (best, term) => (best === undefined || rank(term) > rank(best) ? term : best),
    undefined,
  );
}

function termOf(words: readonly string[], mayBePrefix: boolean): Term | undefined {
  const last = words.at(-1);
  if (last === undefined) return undefined;
  // One letter begins every other word: it stands for itself.
  const isPrefix = mayBePrefix && Array.from(last).length > 1 && !isUnspaced(last);
  const isShort =
    isPrefix && words.length === 1 && last.length <= SHORT_LETTERS && !/[\ud800-\udfff]/.test(last);
  return { words: words.slice(0, MAX_WORDS_OF_TERM), isPrefix, isShort };
}
