/** Units of words in a folded text; see {@link foldText}. For use in a character class. */
export const WORD_UNITS = String.raw`A-Za-z0-9\u0080-\uffff`;

const BEYOND_ASCII = /[\u0080-\uffff]+/g;
const STRIPPED_MARKS = /(?:[\u0300-\u036f]|[\u20d0-\u20ff]|[\ufe00-\ufe0f]|\u00ad)+/g;
const WIDE_FORMS = /[\uff01-\uffee]+/g;
const NOT_OF_WORDS = /[^\p{L}\p{N}\p{M}\p{ASCII}]/gu;
/** Scripts that are written without spaces between words: each character is a word of its own. */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]/gu;
const MAX_RUNS_KEPT = 20_000;

const foldedRuns = new Map<string, string>();

/**
 * Brings a text into the form in which words are compared: without accents and other marks of Latin, Greek and Cyrillic,
 * in lower case beyond ASCII, wide and half-wide forms as the usual ones; spaces in place of everything beyond ASCII
 * that belongs to no word, and around each character of a script without spaces. ASCII stays as it is, newlines and
 * capitals too: SQLite's `ascii` tokenizer knows what to do with it, and so do the patterns of `wordPattern.ts`.
 */
export function foldText(text: string): string {
  return text.replace(BEYOND_ASCII, foldRun);
}

/** A folded line, and where in the line each of its units comes from. */
export interface FoldedLine {
  readonly text: string;
  /** One more than there are units: the last one is where the line ends. */
  readonly origins: readonly number[];
}

export function foldLine(line: string): FoldedLine {
  const origins: number[] = [];
  let text = '';
  const add = (folded: string, origin: (index: number) => number): void => {
    for (let index = 0; index < folded.length; index += 1) origins.push(origin(index));
    text += folded;
  };
  let end = 0;
  for (const { 0: run, index } of line.matchAll(BEYOND_ASCII)) {
    const start = end;
    add(line.slice(start, index), (at) => start + at);
    for (const [from, piece] of piecesOfRun(run)) add(piece, () => index + from);
    end = index + run.length;
  }
  const start = end;
  add(line.slice(start), (at) => start + at);
  origins.push(line.length);
  return { text, origins };
}

/** Character by character, where that gives the same as all at once. */
function piecesOfRun(run: string): [from: number, folded: string][] {
  const pieces: [number, string][] = [];
  let from = 0;
  for (const character of run) {
    pieces.push([from, foldRun(character)]);
    from += character.length;
  }
  const whole = foldRun(run);
  return pieces.map(([, folded]) => folded).join('') === whole ? pieces : [[0, whole]];
}

/** The same few runs (dashes, quotes, é) make up most of what is beyond ASCII. */
function foldRun(run: string): string {
  const known = foldedRuns.get(run);
  if (known !== undefined) return known;
  const folded = run
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replace(WIDE_FORMS, (wide) => wide.normalize('NFKC'))
    .normalize('NFD')
    .replace(STRIPPED_MARKS, '')
    .normalize('NFC')
    .replace(NOT_OF_WORDS, ' ')
    .replace(UNSPACED, ' $& ');
  if (foldedRuns.size >= MAX_RUNS_KEPT) foldedRuns.clear();
  if (run.length <= 64) foldedRuns.set(run, folded);
  return folded;
}

const UNSPACED_WORD = new RegExp(`^${UNSPACED.source}$`, 'u');

/** Whether a word of a folded text is one character of a script without spaces. */
export function isUnspaced(word: string): boolean {
  return UNSPACED_WORD.test(word);
}
