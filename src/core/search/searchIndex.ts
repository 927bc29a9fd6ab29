import { TermFinder } from './findLine.ts';
import { IndexedSessions, type IndexedSession } from './indexedSessions.ts';
import { mayHaveAny } from './mayMatch.ts';
import { BLOCKS_OF_ITEM, type OpenIndex } from './openIndex.ts';
import { unpackLines } from './pieces.ts';
import { anchorOf, type Query, type Term } from './query.ts';
import { bestHits } from './rankSessions.ts';
import { bytesInRange, textsInBytes } from './readBlocks.ts';
import { hitOf, type SearchHit } from './searchHit.ts';
import type { SourceText, TextSource } from './textSource.ts';

export interface SearchOptions {
  readonly limit: number;
  /** Only the sessions of this folder. */
  readonly workspace: string | undefined;
}

export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  /** False as long as the index is being built for the first time: there may be more. */
  readonly isComplete: boolean;
}

/** As one text: a row for each would take longer to make than to find. The blocks come in their order. */
const BLOCKS = 'SELECT json_group_array(rowid) AS blocks FROM text WHERE text MATCH ?';
/** A short beginning is nearly everywhere: mostly the first look finds it. */
const LOOKS_FOR_SHORT_TERM = 4;
const TERMS_KEPT = 8;

/** Answers searches from an open index, as it is. */
export class IndexSearch {
  readonly #index: OpenIndex;
  readonly #sources: readonly TextSource[];
  readonly #sessions: IndexedSessions;
  /** By the term in FTS5's language, the latest used at the end: while somebody types, only the last word changes. */
  readonly #blocks = new Map<string, readonly number[]>();
  /** What these are of. */
  #version: readonly IndexedSession[] = [];

  constructor(index: OpenIndex, sources: readonly TextSource[]) {
    this.#index = index;
    this.#sources = sources;
    this.#sessions = new IndexedSessions(index.database);
  }

  search(query: Query, { limit, workspace }: SearchOptions): SearchAnswer {
    const sessions = this.#sessions.read();
    if (sessions !== this.#version) this.#blocks.clear();
    this.#version = sessions;
    const { isComplete } = this.#sessions;
    const anchor = anchorOf(query);
    if (anchor === undefined) {
      // Somebody is about to type, and should not wait for this then.
      this.#sessions.readPrefixes();
      return { hits: [], isComplete };
    }
    const found = this.#find(query, anchor, sessions.length);
    const candidates = sessions.flatMap((session, place) =>
      found.has(place) && (workspace === undefined || session.workspace === workspace)
        ? [{ session, isClose: found.isClose(place), block: found.blockOf(place) }]
        : [],
    );
    const finder = new TermFinder(query);
    const short: ShortTerm = { term: anchor, finder: new TermFinder({ terms: [anchor] }) };
    const hits = bestHits(candidates, finder, limit, ({ session, block }) =>
      block === 0
        ? this.#lookForShort(session, short, { query, finder })
        : hitOf(session, this.#textsOf(session, block, query), finder),
    );
    return { hits, isComplete };
  }

  #find({ terms }: Query, anchor: Term, sessionCount: number): FoundPlaces {
    const found = new FoundPlaces(sessionCount, terms.length);
    const placeOf = (item: number): number => this.#sessions.placeOf(item);
    let together: readonly number[] | undefined;
    for (const [index, term] of terms.entries()) {
      if (term.isShort) {
        for (const item of this.#sessions.readPrefixes().itemsWith(term.words[0] ?? '')) {
          found.add(index, placeOf(item));
        }
        continue;
      }
      const blocks = this.#blocksOf(term);
      together = together === undefined ? blocks : intersect(together, blocks);
      for (const block of blocks) {
        const place = placeOf(Math.floor(block / BLOCKS_OF_ITEM));
        found.add(index, place);
        if (term === anchor) found.show(place, block);
      }
    }
    for (const block of together ?? []) {
      found.showClose(placeOf(Math.floor(block / BLOCKS_OF_ITEM)), block);
    }
    return found;
  }

  #blocksOf(term: Term): readonly number[] {
    const match = matchOf(term);
    const known = this.#blocks.get(match);
    this.#blocks.delete(match);
    const blocks = known ?? this.#readBlocks(match);
    this.#blocks.set(match, blocks);
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size > TERMS_KEPT && oldest !== undefined) this.#blocks.delete(oldest);
    return blocks;
  }

  #readBlocks(match: string): readonly number[] {
    const row = this.#index.database.prepare(BLOCKS).get(match);
    return JSON.parse(String(row?.['blocks'] ?? '[]')) as number[];
  }

  /** The newest block with this term; in which ones it is, the index knows only by putting much together. */
  #lookForShort(
    session: IndexedSession,
    term: ShortTerm,
    { query, finder }: { readonly query: Query; readonly finder: TermFinder },
  ): SearchHit | undefined {
    const newest = this.#index.database.prepare(
      'SELECT id FROM block WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?',
    );
    const from = session.item * BLOCKS_OF_ITEM;
    for (const { id } of newest.all(from, from + BLOCKS_OF_ITEM, LOOKS_FOR_SHORT_TERM)) {
      const texts = this.#textsOf(session, Number(id), query);
      if (term.finder.findLine(texts) !== undefined) return hitOf(session, texts, finder);
    }
    term.blocks ??= new Map(
      this.#blocksOf(term.term).map((block) => [Math.floor(block / BLOCKS_OF_ITEM), block]),
    );
    const block = term.blocks.get(session.item);
    return block === undefined
      ? undefined
      : hitOf(session, this.#textsOf(session, block, query), finder);
  }

  /** Those in a block that may have anything to do with a query. */
  #textsOf({ file }: IndexedSession, block: number, query: Query): SourceText[] {
    const source = this.#sources.find(({ name }) => name === file.source);
    const row = this.#index.database
      .prepare('SELECT from_offset, to_offset, bytes FROM block WHERE id = ?')
      .get(block);
    if (source === undefined || row === undefined) return [];
    const range = { fromOffset: Number(row['from_offset']), toOffset: Number(row['to_offset']) };
    const packed = row['bytes'];
    const bytes = packed instanceof Uint8Array ? unpackLines(packed) : bytesInRange(file, range);
    return textsInBytes(source, bytes, (line) => mayHaveAny(line, query));
  }
}

/** A short term by which sessions are shown. */
interface ShortTerm {
  readonly term: Term;
  readonly finder: TermFinder;
  /** The newest block of each item, once it was needed. */
  blocks?: ReadonlyMap<number, number>;
}

/** What was found of each session, by its place among them. Places of none, -1, are left out. */
class FoundPlaces {
  readonly #all: number;
  readonly #terms: Uint32Array;
  readonly #isClose: Uint8Array;
  readonly #blocks: Float64Array;

  constructor(sessionCount: number, termCount: number) {
    this.#all = 2 ** termCount - 1;
    this.#terms = new Uint32Array(sessionCount);
    this.#isClose = new Uint8Array(sessionCount);
    this.#blocks = new Float64Array(sessionCount);
  }

  add(term: number, place: number): void {
    if (place >= 0) this.#terms[place] = (this.#terms[place] ?? 0) | (1 << term);
  }

  /** The newest block is given last. */
  show(place: number, block: number): void {
    if (place >= 0) this.#blocks[place] = block;
  }

  /** To be given after all others. */
  showClose(place: number, block: number): void {
    this.show(place, block);
    if (place >= 0) this.#isClose[place] = 1;
  }

  /** Whether every term occurs. */
  has(place: number): boolean {
    return this.#terms[place] === this.#all;
  }

  /** Whether one block has all terms but short ones. */
  isClose(place: number): boolean {
    return this.#isClose[place] === 1;
  }

  /** The block to be shown; 0 when that is not known, as all terms are short. */
  blockOf(place: number): number {
    return this.#blocks[place] ?? 0;
  }
}

/** Of sorted numbers. */
function intersect(a: readonly number[], b: readonly number[]): number[] {
  const both: number[] = [];
  let at = 0;
  for (const number of a) {
    while ((b[at] ?? Infinity) < number) at += 1;
    if (b[at] === number) both.push(number);
  }
  return both;
}

/** In FTS5's language; a word of ours has no quotes in it. */
function matchOf({ words, isPrefix }: Term): string {
  return `"${words.join(' ')}"${isPrefix ? ' *' : ''}`;
}
