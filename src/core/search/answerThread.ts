import type { Worker } from 'node:worker_threads';
import type { SearchHost } from './openSearch.ts';
import type { SearchAnswer, SearchOptions } from './searchIndex.ts';
import { startThread } from './startThread.ts';
import type { AnswerMessage, AnswerResult, SearchRequest } from './threadMessages.ts';

interface Asked {
  readonly request: SearchRequest;
  readonly resolve: (answer: SearchAnswer) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * The thread that answers searches. It gets one at a time, so that those which nobody waits for any more are dropped
 * here. Closed by its owner.
 */
export class AnswerThread {
  readonly #host: SearchHost;
  readonly #cancelled = new Int32Array(new SharedArrayBuffer(4));
  readonly #waiting: Asked[] = [];
  #current: Asked | undefined;
  #worker: Worker | undefined;
  #lastId = 0;
  #isClosed = false;

  constructor(host: SearchHost) {
    this.#host = host;
  }

  /** @throws the signal's reason when it is aborted. */
  async ask(text: string, options: SearchOptions, signal?: AbortSignal): Promise<SearchAnswer> {
    signal?.throwIfAborted();
    this.#lastId += 1;
    const request = { ...options, id: this.#lastId, text };
    let cancel: (() => void) | undefined;
    try {
      return await new Promise<SearchAnswer>((resolve, reject) => {
        const asked = { request, resolve, reject };
        cancel = () => {
          this.#drop(asked, signal?.reason);
        };
        signal?.addEventListener('abort', cancel, { once: true });
        this.#waiting.push(asked);
        this.#next();
      });
    } finally {
      if (cancel !== undefined) signal?.removeEventListener('abort', cancel);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    this.#fail(new Error('the search is closed'));
    await worker?.terminate();
  }

  #next(): void {
    if (this.#current !== undefined || this.#isClosed) return;
    this.#current = this.#waiting.shift();
    if (this.#current === undefined) return;
    this.#worker ??= this.#start();
    // A program waits for its answer, but not for a thread that has nothing to do.
    this.#worker.ref();
    this.#worker.postMessage(this.#current.request);
  }

  #start(): Worker {
    const { home, indexerScript, log } = this.#host;
    const cancelled = this.#cancelled.buffer;
    const worker = startThread(indexerScript, { role: 'answer', home, cancelled });
    worker.on('message', (message: AnswerMessage) => {
      if (message.kind === 'log') log.warn(message.event, message.fields);
      else this.#settle(message);
    });
    worker.on('error', (error) => {
      this.#fail(error);
    });
    worker.on('exit', (code) => {
      if (this.#worker === worker) this.#fail(new Error(`the search's thread ended with ${code}`));
    });
    return worker;
  }

  #settle(result: AnswerResult): void {
    const asked = this.#current;
    this.#current = undefined;
    this.#worker?.unref();
    if (asked?.request.id === result.id) {
      if ('answer' in result) asked.resolve(result.answer);
      else asked.reject(new Error(result.failure));
    }
    this.#next();
  }

  #drop(asked: Asked, reason: unknown): void {
    asked.reject(reason);
    const index = this.#waiting.indexOf(asked);
    if (index !== -1) this.#waiting.splice(index, 1);
    // Its answer still comes; the thread takes no more than it must until then.
    else if (this.#current === asked) Atomics.store(this.#cancelled, 0, asked.request.id);
  }

  /** The next search starts another thread. */
  #fail(error: unknown): void {
    this.#worker = undefined;
    const all = this.#current === undefined ? this.#waiting : [this.#current, ...this.#waiting];
    for (const { reject } of all) reject(error);
    this.#waiting.length = 0;
    this.#current = undefined;
  }
}
