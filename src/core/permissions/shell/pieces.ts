/**
 * A piece of a word: text that is known, a character outside of quotes that makes a pattern (`*`, `?`, `[`), the home
 * directory, or something that only the run will tell.
 */
export type Piece =
  | { readonly kind: 'text' | 'pattern'; readonly text: string }
  | { readonly kind: 'home' | 'unknown' };

const UNKNOWN: Piece = { kind: 'unknown' };
/** `{a,b}` without anything inside that is more than text. */
const PLAIN_BRACES = /^([^{}]*)\{([^{}]*)\}(.*)$/s;
const MAX_EXPANSIONS = 64;

/** Whether the run decides about a piece, whatever files there are. */
export function isOpen({ kind }: Piece): boolean {
  return kind === 'unknown' || kind === 'home';
}

export function textOfPiece(piece: Piece): string {
  return 'text' in piece ? piece.text : '';
}

/** The same pieces behind the first characters of the known text with which they begin. */
export function dropCharacters(pieces: readonly Piece[], count: number): readonly Piece[] {
  const [first, ...rest] = pieces;
  if (count === 0 || first?.kind !== 'text') return pieces;
  const text = first.text.slice(count);
  return text === '' ? rest : [{ kind: 'text', text }, ...rest];
}

/** The pieces between slashes: one list for each name in a path. */
export function namesOf(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const names: Piece[][] = [[]];
  for (const piece of pieces) {
    if (piece.kind !== 'text') {
      names.at(-1)?.push(piece);
      continue;
    }
    for (const [index, text] of piece.text.split('/').entries()) {
      if (index > 0) names.push([]);
      if (text !== '') names.at(-1)?.push({ kind: 'text', text });
    }
  }
  return names;
}

/**
 * The pieces of a word that a program may take for a path: all of it, what is joined to a letter (`-o../x`), what
 * stands behind the first `=`; without a leading `@`. What is joined to `-j` is a number everywhere.
 */
export function pathCandidates(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const start = pieces[0]?.kind === 'text' ? pieces[0].text : '';
  const joined = /^-[A-Za-ik-z]/.test(start) ? dropCharacters(pieces, 2) : [];
  const at = pieces.findIndex((each) => each.kind === 'text' && each.text.includes('='));
  const assigned =
    at === -1
      ? []
      : dropCharacters(pieces.slice(at), textOfPiece(pieces[at] ?? UNKNOWN).indexOf('=') + 1);
  const whole = start.startsWith('-') ? [] : pieces;
  return [whole, joined, assigned]
    .map((each) =>
      dropCharacters(each, each[0]?.kind === 'text' && each[0].text.startsWith('@') ? 1 : 0),
    )
    .filter((each) => each.length > 0);
}

/** Between the first brace and the last one, only the run tells. */
export function withoutBraces(pieces: readonly Piece[]): Piece[] {
  const has = (mark: string) => (each: Piece) => each.kind === 'text' && each.text.includes(mark);
  const first = pieces.findIndex(has('{'));
  const last = pieces.findLastIndex(has('}'));
  if (first === -1 || last === -1) return [UNKNOWN];
  const before = textOfPiece(pieces[first] ?? UNKNOWN);
  const after = textOfPiece(pieces[last] ?? UNKNOWN);
  return [
    ...pieces.slice(0, first),
    { kind: 'text' as const, text: before.slice(0, before.indexOf('{')) },
    UNKNOWN,
    { kind: 'text' as const, text: after.slice(after.lastIndexOf('}') + 1) },
    ...pieces.slice(last + 1),
  ].filter((each) => each.kind !== 'text' || textOfPiece(each) !== '');
}

/** The words that `src/{a,b}.ts` stands for; undefined for braces of another kind, or within quotes. */
export function expandBraces(raw: string): readonly string[] | undefined {
  if (/["'\\$`]/.test(raw)) return undefined;
  let words = [raw];
  while (words.some((word) => word.includes('{'))) {
    const next: string[] = [];
    for (const word of words) {
      const [, before, inside, after] = PLAIN_BRACES.exec(word) ?? [];
      if (before === undefined || inside === undefined || after === undefined) return undefined;
      if (!inside.includes(',')) return undefined;
      next.push(...inside.split(',').map((each) => before + each + after));
    }
    if (next.length > MAX_EXPANSIONS) return undefined;
    words = next;
  }
  return words;
}
