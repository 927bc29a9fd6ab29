import { Worker } from 'node:worker_threads';

/** What the thread is to do, and where. */
export interface GuardTask {
  readonly home: string;
  readonly claudeDirectory: string;
  /** Not only bring the cache of the list up to date, but copy what was added, too. */
  readonly isGuarding: boolean;
  readonly retentionDays: number;
}

/** What it did. */
export interface GuardAnswer {
  readonly transcripts: number;
  readonly copied: number;
}

/**
 * Looks after all transcripts in a thread of its own, which is gone afterwards with all it took.
 * @param script the bundle `guard.cjs`, or its source.
 * @throws HoldfastError as `guardTranscripts`, without its class: what a thread throws is copied.
 */
export function guardInThread(script: string, task: GuardTask): Promise<GuardAnswer> {
  const isSource = script.endsWith('.ts');
  const worker = new Worker(script, {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: 96 },
    ...(isSource ? {} : { execArgv: [] }),
  });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new Error(`the thread for transcripts ended with ${code}`));
    });
  });
}
