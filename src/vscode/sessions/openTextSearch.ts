import path from 'node:path';
import type { HoldfastWindow } from '../holdfastWindow.ts';
import type { TextSearch } from './searchText.ts';

const REFRESH_MAX_AGE_MS = 2000;

/** Opens the search of the window's home when it is first asked for, and closes it with the window. */
export function createOpenSearch({
  host,
  log,
  disposables,
}: HoldfastWindow): () => Promise<TextSearch> {
  let opening: Promise<TextSearch> | undefined;
  const openNow = async (): Promise<TextSearch> => {
    const { openSearch } = await import('../../core/search/openSearch.ts');
    const search = openSearch({
      home: host.workspace.home,
      indexerScript: path.join(host.scriptsDirectory, 'indexer.cjs'),
      log,
    });
    // Its thread is ready by the time that something has been typed.
    search.search('', { limit: 0, workspace: undefined }).catch((error: unknown) => {
      log.debug('search.notReady', { error: String(error) });
    });
    disposables.add({
      dispose: () => {
        search.close().catch((error: unknown) => {
          log.debug('search.notClosed', { error: String(error) });
        });
      },
    });
    return {
      refresh: async () => {
        // Called at each key; looking through all journals is not worth it that often.
        await search.refresh({ maxAgeMs: REFRESH_MAX_AGE_MS });
      },
      search: (text, { limit, workspace, signal }) =>
        search.search(text, { limit, signal, workspace }),
    };
  };
  return () => (opening ??= openNow());
}
