import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Log } from '../common/log.ts';
import { AnswerThread } from './answerThread.ts';
import type { RefreshProgress, RefreshResult } from './refreshIndex.ts';
import type { SearchAnswer, SearchOptions } from './searchIndex.ts';
import { hasSqlite } from './sqlite.ts';
import { startThread } from './startThread.ts';
import type { IndexMessage } from './threadMessages.ts';

export type { RefreshProgress, RefreshResult } from './refreshIndex.ts';
export type { SearchHit } from './searchHit.ts';
export type { SearchAnswer, SearchOptions } from './searchIndex.ts';
export type { TextRange } from './snippet.ts';

/** What a search needs from the program that has it. */
export interface SearchHost {
  readonly home: string;
  readonly log: Log;
  /** The bundle `indexer.cjs`, or its source. @see findIndexerScript */
  readonly indexerScript: string;
}

export interface RefreshCall {
  /** Does nothing when the last run ended no longer ago; 0 unless given. */
  readonly maxAgeMs?: number;
  /** Stops the indexing; what has been done stays done. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RefreshProgress) => void;
}

/** Starts nothing before its first use. To be closed by whoever opened it. */
export function openSearch(host: SearchHost): Search {
  return new Search(host);
}

/** The search over all sessions of a home, done in threads of its own. */
export class Search {
  readonly #host: SearchHost;
  #answerThread: AnswerThread | undefined;
  #refresh: IndexRun | undefined;
  #lastRefresh: { readonly result: RefreshResult; readonly endMs: number } | undefined;
  #isClosed = false;

  constructor(host: SearchHost) {
    this.#host = host;
  }

  /**
   * Answers from the index as it is; without SQLite from the journals themselves, which takes longer. To be asked for
   * nothing, `''`, when somebody is about to type: then the first answer comes as quickly as the next ones.
   * @throws the signal's reason when it is aborted.
   */
  search(
    text: string,
    { signal, ...options }: SearchOptions & { readonly signal?: AbortSignal },
  ): Promise<SearchAnswer> {
    if (this.#isClosed) return Promise.reject(new Error('the search is closed'));
    this.#answerThread ??= new AnswerThread(this.#host);
    return this.#answerThread.ask(text, options, signal);
  }

  /**
   * Brings the index up to date with the journals of all workspaces. Calls during a run join it; where there can be no
   * index, it does nothing.
   * @throws Error when the index could not be written.
   */
  async refresh({ maxAgeMs = 0, signal, onProgress }: RefreshCall = {}): Promise<RefreshResult> {
    if (this.#isClosed) throw new Error('the search is closed');
    if (!hasSqlite()) return { isComplete: false, readFiles: 0, goneFiles: 0 };
    const last = this.#lastRefresh;
    if (last?.result.isComplete === true && performance.now() - last.endMs < maxAgeMs) {
      return last.result;
    }
    const run = this.#refresh ?? new IndexRun(this.#host);
    this.#refresh = run;
    if (onProgress !== undefined) run.listeners.add(onProgress);
    const stop = (): void => {
      run.stop();
    };
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    try {
      const result = await run.result;
      this.#lastRefresh = { result, endMs: performance.now() };
      return result;
    } finally {
      signal?.removeEventListener('abort', stop);
      if (this.#refresh === run) this.#refresh = undefined;
    }
  }

  /** Ends the threads; what is still asked is rejected. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#refresh?.stop();
    await Promise.all([this.#answerThread?.close(), this.#refresh?.result.catch(() => undefined)]);
  }
}

/** One run of the indexing thread. */
class IndexRun {
  readonly listeners = new Set<(progress: RefreshProgress) => void>();
  readonly result: Promise<RefreshResult>;
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));

  constructor({ home, log, indexerScript }: SearchHost) {
    const stop = this.#stop.buffer;
    const worker = startThread(indexerScript, { role: 'index', home, stop });
    this.result = new Promise((resolve, reject) => {
      worker.on('message', (message: IndexMessage) => {
        if (message.kind === 'log') log.warn(message.event, message.fields);
        else if (message.kind === 'result') resolve(message.result);
        else for (const listener of this.listeners) listener(message.progress);
      });
      worker.on('error', reject);
      worker.on('exit', (code) => {
        reject(new Error(`the indexing thread ended with ${code}`));
      });
    });
  }

  stop(): void {
    Atomics.store(this.#stop, 0, 1);
  }
}

/**
 * The entry of the threads: beside the bundle, or in its own folder of a source tree. Undefined where there is none.
 * @param directory of the program that asks (`import.meta.dirname`).
 */
export function findIndexerScript(directory: string): string | undefined {
  const bundle = path.join(directory, 'indexer.cjs');
  const source = path.join(directory, '../indexer/main.ts');
  return [bundle, source].find((file) => existsSync(file));
}
