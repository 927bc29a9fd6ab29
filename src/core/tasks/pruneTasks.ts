import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createFileSync, writeFileAtomicSync } from '../common/atomicFile.ts';
import { HoldfastError } from '../common/errors.ts';
import type { Workspace } from '../store/workspace.ts';
import { sweepTombstones } from './claimTaskId.ts';
import { listTaskNames, listTasks } from './listTasks.ts';
import { taskDirectoryAt, taskDirectoryOf, type TaskDirectory } from './taskDirectory.ts';
import type { TaskSnapshot } from './types.ts';
import { isEndUnrecorded } from './unrecordedEnd.ts';

/** Which finished tasks are kept; running ones always are. */
export interface Retention {
  readonly maxTasks: number;
  readonly maxAgeDays: number;
}

export const defaultRetention: Retention = { maxTasks: 1000, maxAgeDays: 7 };

const DAY_MS = 24 * 60 * 60 * 1000;

/** The tasks that are past their age or, oldest first, above the number kept. `room` more are about to be added. */
export function tasksToPrune(
  tasks: readonly TaskSnapshot[],
  retention: Retention,
  nowMs: number,
  room = 0,
): TaskSnapshot[] {
  const endedAt = (task: TaskSnapshot): number => task.endedAtMs ?? task.createdAtMs;
  const finished = tasks
    .filter((task) => task.status !== 'running')
    .sort((a, b) => endedAt(a) - endedAt(b));
  const surplus = tasks.length + room - retention.maxTasks;
  return finished.filter(
    (task, index) => index < surplus || nowMs - endedAt(task) > retention.maxAgeDays * DAY_MS,
  );
}

/**
 * Makes room in a workspace. Looks at the tasks only when there are too many; by age they are pruned where somebody
 * asks for it with no room needed.
 * @throws HoldfastError `task.tooMany` when there are as many running tasks as may be kept.
 */
export function pruneTasks(
  workspace: Workspace,
  retention: Retention,
  nowMs: number,
  room = 0,
): TaskSnapshot[] {
  if (room > 0 && listTaskNames(workspace).length + room <= retention.maxTasks) return [];
  const { tasks } = listTasks(workspace, nowMs);
  const pruned = tasksToPrune(tasks, retention, nowMs, room);
  for (const task of pruned) removeTask(task);
  sweepTombstones(workspace, nowMs);
  if (tasks.length - pruned.length + room > retention.maxTasks) {
    throw new HoldfastError(
      'task.tooMany',
      `${retention.maxTasks} tasks are running in this workspace, which is as many as are kept`,
      { data: { maxTasks: retention.maxTasks } },
    );
  }
  return pruned;
}

/**
 * Deletes a task that is over; its number is not given out again. On a full disk, also one whose end could not be
 * recorded: its output may be what has filled it.
 * @throws HoldfastError `task.stillRunning`, `disk.full`, `home.notWritable`.
 */
export function removeTask(task: TaskSnapshot): void {
  if (task.status === 'running' && !isEndUnrecorded(task)) {
    throw new HoldfastError('task.stillRunning', `${task.id} still runs`, {
      data: { id: task.id },
    });
  }
  const files = taskDirectoryAt(task.directory);
  // From here on nobody lists it, and whoever finds the mark may finish what a crash leaves undone.
  markRemoved(files);
  emptyRemoved(files.path);
}

/** The mark needs room as well, which the output that is to go may have. */
function markRemoved(files: TaskDirectory): void {
  try {
    createFileSync(files.removed, '');
  } catch (error) {
    if (!HoldfastError.is(error, 'disk.full')) throw error;
    rmSync(files.output, { force: true });
    createFileSync(files.removed, '');
  }
}

/** Finishes removals that were interrupted. */
export function finishRemovals(workspace: Workspace): void {
  for (const name of listTaskNames(workspace)) {
    const files = taskDirectoryOf(workspace, name);
    if (existsSync(files.removed)) emptyRemoved(files.path);
  }
}

/**
 * Gives a task a name of one line; an empty one gives back the name it was started with.
 * @throws HoldfastError `disk.full`, `home.notWritable`.
 */
export function renameTask(task: TaskSnapshot, title: string): void {
  const text = title.replaceAll(/\s+/g, ' ').trim().slice(0, 200);
  const file = taskDirectoryAt(task.directory).title;
  if (text === '') rmSync(file, { force: true });
  else writeFileAtomicSync(file, `${text}\n`);
}

function emptyRemoved(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (name === 'removed') continue;
    rmSync(path.join(directory, name), { recursive: true, force: true });
  }
}
