import type { Log } from '../common/log.ts';
import { Answerer } from './answerer.ts';
import { parseQuery } from './query.ts';
import { refreshIndex, type RefreshOptions, type RefreshProgress } from './refreshIndex.ts';
import { scanSessions } from './scanSessions.ts';
import type { SearchAnswer, SearchOptions } from './searchIndex.ts';
import { searchSources } from './searchSources.ts';

export interface SearchOnceHost {
  readonly home: string;
  readonly log: Log;
  /** For a thread that helps where there is much to be indexed; see `findIndexerScript`. */
  readonly indexerScript: string | undefined;
  readonly onProgress: (progress: RefreshProgress) => void;
}

/**
 * For a program that ends when it has its answer: brings the index up to date, and searches it. Where the index cannot
 * be brought up to date, the journals themselves are searched: the answer is the same.
 */
export async function searchOnce(
  host: SearchOnceHost,
  text: string,
  options: SearchOptions,
): Promise<SearchAnswer> {
  const { home, log } = host;
  const sources = searchSources(home);
  if (await tryRefresh({ ...refreshOptionsOf(host), sources })) {
    const answerer = new Answerer(home, sources, log);
    try {
      return answerer.search(text, options);
    } finally {
      answerer.close();
    }
  }
  return scanSessions(parseQuery(text), { ...options, sources, log, shouldStop: () => false });
}

function refreshOptionsOf(host: SearchOnceHost): Omit<RefreshOptions, 'sources'> {
  const { home, log, onProgress, indexerScript } = host;
  const script = indexerScript === undefined ? {} : { script: indexerScript };
  return { home, log, onProgress, ...script };
}

/** Whether the index has everything now. */
async function tryRefresh(options: RefreshOptions): Promise<boolean> {
  try {
    return (await refreshIndex(options)).isComplete;
  } catch (error) {
    options.log.warn('search.refreshFailed', { error });
    return false;
  }
}
