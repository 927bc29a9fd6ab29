import type { TaskSnapshot } from './types.ts';

/** As every list of tasks shows them: running ones, newest first, then those that are over, newest first. */
export function sortTasks(tasks: readonly TaskSnapshot[]): TaskSnapshot[] {
  return [...tasks].sort(compareTasks);
}

function compareTasks(a: TaskSnapshot, b: TaskSnapshot): number {
  const isRunning = a.status === 'running';
  if (isRunning !== (b.status === 'running')) return isRunning ? -1 : 1;
  const atMs = isRunning ? startOf : endOf;
  return atMs(b) - atMs(a) || b.number - a.number;
}

function startOf(task: TaskSnapshot): number {
  return task.startedAtMs ?? task.createdAtMs;
}

function endOf(task: TaskSnapshot): number {
  return task.endedAtMs ?? startOf(task);
}
