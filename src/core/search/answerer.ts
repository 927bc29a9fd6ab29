import type { Log } from '../common/log.ts';
import { closeIndex, discardIndex, isInPlace, tryOpenIndex, type OpenIndex } from './openIndex.ts';
import { parseQuery } from './query.ts';
import { scanSessions } from './scanSessions.ts';
import { IndexSearch, type SearchAnswer, type SearchOptions } from './searchIndex.ts';
import { isCorruption } from './sqlite.ts';
import type { TextSource } from './textSource.ts';

/** Answers searches, from the index or, where there can be none, from the files. Blocks its thread. To be closed. */
export class Answerer {
  readonly #home: string;
  readonly #sources: readonly TextSource[];
  readonly #log: Log;
  #open: { index: OpenIndex; search: IndexSearch } | undefined;

  constructor(home: string, sources: readonly TextSource[], log: Log) {
    this.#home = home;
    this.#sources = sources;
    this.#log = log;
  }

  /** @param shouldStop ends a search of files; its answer is of no use then. */
  search(text: string, options: SearchOptions, shouldStop = (): boolean => false): SearchAnswer {
    const query = parseQuery(text);
    try {
      const search = this.#indexSearch();
      if (search !== undefined) return search.search(query, options);
    } catch (error) {
      this.#log.warn('search.indexFailed', { error });
      // The next refresh makes it anew.
      if (isCorruption(error) && this.#open !== undefined) discardIndex(this.#open.index);
      this.close();
    }
    return scanSessions(query, { ...options, sources: this.#sources, log: this.#log, shouldStop });
  }

  close(): void {
    if (this.#open !== undefined) closeIndex(this.#open.index);
    this.#open = undefined;
  }

  #indexSearch(): IndexSearch | undefined {
    // Deleted, or made anew by another process: what this one has open is not what others write.
    if (this.#open !== undefined && !isInPlace(this.#open.index)) this.close();
    if (this.#open === undefined) {
      const index = tryOpenIndex(this.#home, this.#log);
      if (index !== undefined)
        this.#open = { index, search: new IndexSearch(index, this.#sources) };
    }
    return this.#open?.search;
  }
}
