import { namesOf, textOfPiece, type Piece } from './shell/pieces.ts';

/**
 * The paths that something may be, as a row of characters and of marks that stand for several: `ANY` for whatever text,
 * `NAME` for text without a slash, `ONE` for one such character. Behind `NO_DOT` stands no dot.
 */
export type PathShape = readonly string[];

/** No system has longer paths; what pretends to be one may be anything. */
const MAX_LENGTH = 4096;
const SEVERAL = new Set(['ANY', 'NAME']);
const MARKS = new Set(['ANY', 'NAME', 'ONE']);

export function shapeOfText(text: string): PathShape {
  return Array.from(text.toLowerCase());
}

/**
 * Of the names below a directory that pieces of a path stand for. A pattern finds no hidden file that it does not spell;
 * unless it only goes on with a name that has begun before.
 */
export function shapeOfNames(
  names: readonly (readonly Piece[])[],
  { isContinued = false } = {},
): PathShape {
  return names.flatMap((name, index) => {
    const [first] = name;
    // Whether brackets find a dot at the beginning is up to the shell.
    const isStar = first?.kind === 'pattern' && first.text !== '[';
    const isHidingNone = isStar && !(isContinued && index === 0);
    return [...(index > 0 ? ['/'] : []), ...(isHidingNone ? ['NO_DOT'] : []), ...shapeOfName(name)];
  });
}

function shapeOfName(pieces: readonly Piece[]): string[] {
  const set = pieces.findIndex((each) => each.kind === 'pattern' && each.text === '[');
  const before = set === -1 ? pieces : pieces.slice(0, set);
  const shape = before.flatMap((piece) => {
    if (piece.kind === 'text') return Array.from(piece.text.toLowerCase());
    if (piece.kind === 'pattern') return piece.text === '?' ? ['ONE'] : ['NAME'];
    return ['ANY'];
  });
  if (set === -1) return shape;
  // Brackets end with the last one at the latest; before it stands whatever they hold.
  const end = pieces.findLastIndex((each) => each.kind === 'text' && each.text.includes(']'));
  if (end <= set) return [...shape, 'NAME'];
  const text = textOfPiece(pieces[end] ?? { kind: 'unknown' });
  const rest = { kind: 'text' as const, text: text.slice(text.lastIndexOf(']') + 1) };
  return [...shape, 'NAME', ...shapeOfName([rest, ...pieces.slice(end + 1)])];
}

/** Whether a name is one that the pieces stand for, whatever the case. */
export function mayBeName(name: string, pieces: readonly Piece[]): boolean {
  return mayMeet(shapeOfNames([pieces]), shapeOfText(name));
}

/** Whether a path of the first kind may be one of the second as well. */
export function mayMeet(first: PathShape, second: PathShape): boolean {
  if (first.length > MAX_LENGTH) return true;
  const width = second.length + 1;
  const seen = new Set<number>();
  const open: (readonly [at: number, other: number, noDot: boolean])[] = [[0, 0, false]];
  const visit = (at: number, other: number, noDot: boolean): void => {
    const key = (at * width + other) * 2 + (noDot ? 1 : 0);
    if (seen.has(key)) return;
    seen.add(key);
    open.push([at, other, noDot]);
  };
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const [at, other, noDot] = state;
    const a = first[at];
    const b = second[other];
    if (a === undefined && b === undefined) return true;
    if (a === 'NO_DOT') {
      visit(at + 1, other, true);
      continue;
    }
    if (a !== undefined && SEVERAL.has(a)) visit(at + 1, other, noDot);
    if (b !== undefined && SEVERAL.has(b)) visit(at, other + 1, noDot);
    if (a === undefined || b === undefined || !haveCommon(a, b, noDot)) continue;
    visit(SEVERAL.has(a) ? at : at + 1, SEVERAL.has(b) ? other : other + 1, false);
  }
  return false;
}

/** Whether there is a character that is both. */
function haveCommon(a: string, b: string, noDot: boolean): boolean {
  const isMark = [MARKS.has(a), MARKS.has(b)];
  if (isMark[0] === true && isMark[1] === true) return true;
  const character = isMark[0] === true ? b : a;
  if (noDot && character === '.') return false;
  if (isMark[0] === false && isMark[1] === false) return a === b;
  return character !== '/' || (isMark[0] === true ? a : b) === 'ANY';
}

/** The names before the first one that is not fully known, and the others. */
export function splitKnown(pieces: readonly Piece[]): {
  /** With a slash at its end, unless it is empty. */
  readonly known: string;
  readonly names: readonly (readonly Piece[])[];
} {
  const all = namesOf(pieces);
  const first = all.findIndex((name) => name.some(({ kind }) => kind !== 'text'));
  const start = first === -1 ? all.length - 1 : first;
  const known = all.slice(0, start).map((name) => name.map(textOfPiece).join('') + '/');
  return { known: known.join(''), names: all.slice(start) };
}

export function isParent(name: readonly Piece[]): boolean {
  return name.every(({ kind }) => kind === 'text') && name.map(textOfPiece).join('') === '..';
}
