import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { silentLog, type Log, type LogFields } from '../common/log.ts';
import { Answerer } from './answerer.ts';
import { runReader } from './readerThread.ts';
import { refreshIndex } from './refreshIndex.ts';
import { searchSources } from './searchSources.ts';
import type {
  AnswerInput,
  AnswerMessage,
  IndexInput,
  IndexMessage,
  LogMessage,
  SearchRequest,
  ThreadInput,
} from './threadMessages.ts';

/** More often than this, nobody needs to know how far it is. */
const PROGRESS_MS = 50;

/** The entry of every thread of the search; what it does, its input says. */
export async function runThread(script: string | URL): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('This is the entry of a worker thread.');
  const input = workerData as ThreadInput;
  switch (input.role) {
    case 'read':
      runReader(input, searchSources(input.home), (message, transfer) => {
        port.postMessage(message, transfer);
      });
      return;
    case 'index':
      await runIndexer(input, script, port);
      return;
    case 'answer':
      runAnswerer(input, port);
  }
}

async function runIndexer(input: IndexInput, script: string | URL, port: MessagePort) {
  const post = (message: IndexMessage): void => {
    port.postMessage(message);
  };
  const stop = new Int32Array(input.stop);
  let toldMs = -Infinity;
  const result = await refreshIndex({
    home: input.home,
    sources: searchSources(input.home),
    log: logTo(post),
    script,
    shouldStop: () => Atomics.load(stop, 0) === 1,
    onProgress: (progress) => {
      const nowMs = performance.now();
      if (nowMs - toldMs < PROGRESS_MS && progress.doneFiles < progress.files) return;
      toldMs = nowMs;
      post({ kind: 'progress', progress });
    },
  });
  post({ kind: 'result', result });
}

function runAnswerer({ home, cancelled }: AnswerInput, port: MessagePort): void {
  const post = (message: AnswerMessage): void => {
    port.postMessage(message);
  };
  const cancelledId = new Int32Array(cancelled);
  const answerer = new Answerer(home, searchSources(home), logTo(post));
  port.on('message', ({ id, text, limit, workspace }: SearchRequest) => {
    const isCancelled = (): boolean => Atomics.load(cancelledId, 0) === id;
    try {
      const answer = answerer.search(text, { limit, workspace }, isCancelled);
      post({ kind: 'answer', id, answer });
    } catch (error) {
      post({ kind: 'answer', id, failure: String(error) });
    }
  });
  port.on('close', () => {
    answerer.close();
  });
}

/** Warnings go to the one who started the thread, and has a log. */
function logTo(post: (message: LogMessage) => void): Log {
  const warn = (event: string, fields: LogFields = {}): void => {
    const texts = Object.entries(fields).map(([name, value]) => [name, String(value)]);
    post({ kind: 'log', event, fields: Object.fromEntries(texts) as Record<string, string> });
  };
  return { ...silentLog, warn, error: warn };
}
