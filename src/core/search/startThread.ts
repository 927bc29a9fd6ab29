import { Worker } from 'node:worker_threads';
import type { ThreadInput } from './threadMessages.ts';

/** Starts a thread with the entry `src/indexer/main.ts`, bundled or, in a source tree, as it is. */
export function startThread(script: string | URL, workerData: ThreadInput): Worker {
  // What the program was started with is for itself; only a source needs what makes Node understand it.
  const isSource = String(script).endsWith('.ts');
  return new Worker(script, { workerData, ...(isSource ? {} : { execArgv: [] }) });
}
