import { foldText } from './foldText.ts';
import type { TermFinder } from './findLine.ts';
import type { FoundSession, SearchHit } from './searchHit.ts';

/** So many in a row that turn out to be gone or changed, and the rest will be too: the index is out of date. */
const MAX_MISSES = 100;

/** A session in which every term occurs. */
export interface Candidate<S extends FoundSession> {
  readonly session: S;
  /** Whether all terms but short ones occur in one block. */
  readonly isClose: boolean;
}

/** The order of answers: the latest active first, then by name, so that it is the same each time. */
export function compareSessions(a: FoundSession, b: FoundSession): number {
  return (
    b.lastActiveMs - a.lastActiveMs ||
    compareTexts(a.key, b.key) ||
    compareTexts(a.workspace, b.workspace) ||
    compareTexts(a.source, b.source)
  );
}

/**
 * The hits of the best candidates: first those with all terms in their title, then those that have them close together,
 * then the others. Only as many are looked into as are wanted.
 * @param candidates in the order of {@link compareSessions}.
 */
export function bestHits<C extends Candidate<FoundSession>>(
  candidates: readonly C[],
  finder: TermFinder,
  limit: number,
  lookInto: (candidate: C) => SearchHit | undefined,
): SearchHit[] {
  const all = 2 ** finder.patterns.length - 1;
  const tiers: C[][] = [[], [], []];
  for (const candidate of candidates) {
    const { title } = candidate.session;
    const isInTitle = title !== undefined && finder.maskOf(foldText(title)) === all;
    tiers[isInTitle ? 0 : candidate.isClose ? 1 : 2]?.push(candidate);
  }
  const hits: SearchHit[] = [];
  let misses = 0;
  for (const candidate of tiers.flat()) {
    if (hits.length >= limit || misses >= MAX_MISSES) break;
    const hit = lookInto(candidate);
    misses = hit === undefined ? misses + 1 : 0;
    if (hit !== undefined) hits.push(hit);
  }
  return hits;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
