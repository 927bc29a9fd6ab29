import type { SourceText, TextKind } from './textSource.ts';
import type { TermFinder } from './findLine.ts';
import { findRanges, snippetOf, type TextRange } from './snippet.ts';

/** One session that was found. */
export interface SearchHit {
  /** `session`, for ours. */
  readonly source: string;
  readonly sessionId: string;
  /** The folder that it belongs to. */
  readonly workspace: string;
  /** What it is called, else how it begins, else its id. */
  readonly title: string;
  readonly titleRanges: readonly TextRange[];
  /** When the matching line was written. */
  readonly timeMs: number;
  readonly lastActiveMs: number;
  /** What the matching line is of, and who wrote it. */
  readonly kind: TextKind;
  readonly role: string | undefined;
  /** The matching line, or the part of it around the match. */
  readonly snippet: string;
  readonly ranges: readonly TextRange[];
}

/** A session as the search knows it before anybody looks into its text. */
export interface FoundSession {
  readonly source: string;
  readonly key: string;
  readonly workspace: string;
  readonly title: string | undefined;
  readonly firstPrompt: string | undefined;
  readonly lastActiveMs: number;
}

/** Undefined when nothing in these texts matches: they are others by now. */
export function hitOf(
  session: FoundSession,
  texts: readonly SourceText[],
  finder: TermFinder,
): SearchHit | undefined {
  const found = finder.findLine(texts);
  if (found === undefined) return undefined;
  const { source, key, workspace, title, firstPrompt, lastActiveMs } = session;
  const shownTitle = title ?? firstPrompt ?? key;
  const whole = snippetOf(found.line, finder.patterns);
  const snippet = whole.ranges.length > 0 ? whole : snippetOf(found.line, finder.wordPatterns);
  return {
    source,
    sessionId: key,
    workspace,
    title: shownTitle,
    titleRanges: findRanges(shownTitle, finder.patterns),
    timeMs: found.of.atMs,
    lastActiveMs,
    kind: found.of.kind,
    role: found.of.role,
    snippet: snippet.text,
    ranges: snippet.ranges,
  };
}
