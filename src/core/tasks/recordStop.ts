import { createFileSync } from '../common/atomicFile.ts';
import type { Log } from '../common/log.ts';
import type { TaskDirectory } from './taskDirectory.ts';

/**
 * Notes who wants a task to end, and why, unless somebody has before; says whether it did. A disk that is full, perhaps
 * of this task's output, or a directory that is gone must not keep a task from ending.
 */
export function recordStop(
  { stop }: TaskDirectory,
  { by, reason }: { readonly by: string; readonly reason: string },
  log: Log,
): boolean {
  try {
    return createFileSync(stop, `${JSON.stringify({ v: 1, by, reason })}\n`);
  } catch (error) {
    log.warn('task.stopNotRecorded', { path: stop, message: String(error) });
    return false;
  }
}
