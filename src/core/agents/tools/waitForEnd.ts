import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { requireTask } from '../../tasks/startTask.ts';
import { taskDirectoryAt } from '../../tasks/taskDirectory.ts';
import type { TaskHost } from '../../tasks/taskHost.ts';
import type { TaskSnapshot } from '../../tasks/types.ts';

const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 25;
/** Between two looks at the processes, which find a task that ended without a record. */
const WHOLE_LOOK_MS = 500;

/**
 * Waits until a task is over, the time is up, or nobody wants to know any more; gives the task as it stands then. A
 * look for one file is cheap, so the end is noticed within a few per cent of the time that the command took.
 * @throws HoldfastError `task.notFound` when it was removed meanwhile.
 */
export async function waitForEnd(
  host: TaskHost,
  task: TaskSnapshot,
  { timeoutMs, signal, until }: WaitForEnd,
): Promise<TaskSnapshot> {
  const files = taskDirectoryAt(task.directory);
  const deadlineMs = performance.now() + timeoutMs;
  let lookedAtMs = performance.now();
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.2, LONGEST_PAUSE_MS)) {
    const nowMs = performance.now();
    const isTimeUp = nowMs >= deadlineMs || signal.aborted || until?.() === true;
    if (isTimeUp || existsSync(files.exit) || nowMs - lookedAtMs >= WHOLE_LOOK_MS) {
      const now = requireTask(files, host.clock.now());
      if (isTimeUp || now.status !== 'running') return now;
      lookedAtMs = nowMs;
    }
    await delay(Math.min(pauseMs, Math.max(0, deadlineMs - nowMs)));
  }
}

export interface WaitForEnd {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Anything else that ends the waiting. */
  readonly until?: () => boolean;
}
