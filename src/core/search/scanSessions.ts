import type { Log } from '../common/log.ts';
import { foldText } from './foldText.ts';
import { TermFinder } from './findLine.ts';
import { anchorOf, type Query } from './query.ts';
import { mayHaveAny, mayMatch } from './mayMatch.ts';
import { bestHits, compareSessions, type Candidate } from './rankSessions.ts';
import {
  bytesInRange,
  readBlocks,
  startPosition,
  textsInBytes,
  type TextBlock,
} from './readBlocks.ts';
import { hitOf, type FoundSession, type SearchHit } from './searchHit.ts';
import type { SearchAnswer, SearchOptions } from './searchIndex.ts';
import type { SourceFile, TextSource } from './textSource.ts';

interface ScannedSession extends FoundSession {
  readonly file: SourceFile;
  readonly range: BlockRange;
}

type BlockRange = Pick<TextBlock, 'fromOffset' | 'toOffset'>;

export interface ScanOptions extends SearchOptions {
  readonly sources: readonly TextSource[];
  readonly log: Log;
  /** Asked before each file. */
  readonly shouldStop: () => boolean;
}

/** Answers a search from the files themselves, just as the index would, but slowly. */
export function scanSessions(query: Query, options: ScanOptions): SearchAnswer {
  const finder = new TermFinder(query);
  const candidates: Candidate<ScannedSession>[] = [];
  if (query.terms.length > 0) {
    for (const source of options.sources) {
      for (const file of source.list()) {
        if (options.shouldStop()) return { hits: [], isComplete: false };
        if (options.workspace !== undefined && file.workspace !== options.workspace) continue;
        const found = tryScan(source, file, query, finder, options.log);
        if (found !== undefined) candidates.push(found);
      }
    }
  }
  candidates.sort((a, b) => compareSessions(a.session, b.session));
  const lookInto = ({ session }: Candidate<ScannedSession>): SearchHit | undefined => {
    const source = options.sources.find(({ name }) => name === session.source);
    if (source === undefined) return undefined;
    const bytes = bytesInRange(session.file, session.range);
    const texts = textsInBytes(source, bytes, (line) => mayHaveAny(line, query));
    return hitOf(session, texts, finder);
  };
  return { hits: bestHits(candidates, finder, options.limit, lookInto), isComplete: true };
}

function tryScan(
  source: TextSource,
  file: SourceFile,
  query: Query,
  finder: TermFinder,
  log: Log,
): Candidate<ScannedSession> | undefined {
  try {
    return mayMatch(file, query) ? scanFile(source, file, query, finder) : undefined;
  } catch (error) {
    log.warn('search.fileUnreadable', { path: file.path, error });
    return undefined;
  }
}

function scanFile(
  source: TextSource,
  file: SourceFile,
  query: Query,
  finder: TermFinder,
): Candidate<ScannedSession> | undefined {
  const all = bitsOf(query, () => true);
  const long = bitsOf(query, ({ isShort }) => !isShort);
  const anchor = anchorOf(query);
  const anchorBit = bitsOf(query, (term) => term === anchor);
  let found = 0;
  let close: BlockRange | undefined;
  let withAnchor: BlockRange | undefined;
  const { facts } = readBlocks(source, file, startPosition, (block) => {
    const mask = maskOf(block, finder);
    found |= mask;
    // Not the block itself: nobody needs its texts any more.
    const { fromOffset, toOffset } = block;
    if (long !== 0 && (mask & long) === long) close = { fromOffset, toOffset };
    if ((mask & anchorBit) !== 0) withAnchor = { fromOffset, toOffset };
  });
  const range = close ?? withAnchor;
  if (found !== all || range === undefined) return undefined;
  const { workspace, key } = file;
  const { title, firstPrompt, lastActiveMs = file.mtimeMs } = facts;
  const session = { source: source.name, workspace, key, title, firstPrompt, lastActiveMs };
  return { session: { ...session, file, range }, isClose: close !== undefined };
}

function maskOf(block: TextBlock, finder: TermFinder): number {
  let mask = 0;
  for (const { text } of block.texts) mask |= finder.maskOf(foldText(text));
  return mask;
}

function bitsOf({ terms }: Query, isMeant: (term: Query['terms'][number]) => boolean): number {
  return terms.reduce((bits, term, index) => (isMeant(term) ? bits | (1 << index) : bits), 0);
}
