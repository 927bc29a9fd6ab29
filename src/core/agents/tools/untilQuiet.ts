import { statSync } from 'node:fs';
import { taskDirectoryAt } from '../../tasks/taskDirectory.ts';
import type { TaskHost } from '../../tasks/taskHost.ts';
import type { TaskSnapshot } from '../../tasks/types.ts';
import { waitForEnd } from './waitForEnd.ts';

/** Output comes in bursts: the lines of a server that starts, and what a program answers behind the echo of its input. */
const QUIET_MS = 150;
/** One that prints all the time is never quiet. */
const LONGEST_MS = 1000;

/**
 * Waits until a task that prints has stopped to, so that one answer holds what belongs together and not its first line;
 * gives the task as it stands then.
 * @throws HoldfastError as {@link waitForEnd}.
 */
export function untilQuiet(
  host: TaskHost,
  task: TaskSnapshot,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<TaskSnapshot> {
  const { output } = taskDirectoryAt(task.directory);
  const size = (): number => statSync(output, { throwIfNoEntry: false })?.size ?? 0;
  let seen = { bytes: size(), atMs: performance.now() };
  const isQuiet = (): boolean => {
    const [bytes, atMs] = [size(), performance.now()];
    if (bytes !== seen.bytes) seen = { bytes, atMs };
    return atMs - seen.atMs >= QUIET_MS;
  };
  return waitForEnd(host, task, {
    timeoutMs: Math.min(timeoutMs, LONGEST_MS),
    signal,
    until: isQuiet,
  });
}
