import { statSync } from 'node:fs';
import { isAlive } from '../processes/identity.ts';
import { taskDirectoryAt } from './taskDirectory.ts';
import type { TaskSnapshot } from './types.ts';

/**
 * Whether the command is gone and its keeper only waits for room on the disk to record how it ended. Such a task counts
 * as running, since its exit code will be known.
 */
export function isEndUnrecorded(task: TaskSnapshot): boolean {
  const command = task.processes?.command;
  if (task.status !== 'running' || command === undefined || isAlive(command)) return false;
  // The keeper's attempt leaves the file, and nothing in it.
  return statSync(taskDirectoryAt(task.directory).exit, { throwIfNoEntry: false })?.size === 0;
}
