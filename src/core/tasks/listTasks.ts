import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { HoldfastError, systemErrorCode } from '../common/errors.ts';
import type { Workspace } from '../store/workspace.ts';
import { readTask } from './readTask.ts';
import { taskDirectoryAt, taskNumber, tasksDirectory } from './taskDirectory.ts';
import type { TaskSnapshot } from './types.ts';

/** The tasks of a workspace by number, and the directories whose `task.json` cannot be read. */
export interface TaskList {
  readonly tasks: TaskSnapshot[];
  readonly unreadable: string[];
}

/** @param options.withForeground also the commands that a live agent waits for. */
export function listTasks(
  workspace: Workspace,
  nowMs: number,
  { withForeground = false } = {},
): TaskList {
  const tasks: TaskSnapshot[] = [];
  const unreadable: string[] = [];
  for (const name of listTaskNames(workspace)) {
    const directory = path.join(tasksDirectory(workspace), name);
    const task = tryReadTask(directory, nowMs);
    if (task?.isForeground === true && !withForeground) continue;
    if (task !== undefined) tasks.push(task);
    else if (isUnreadable(directory)) unreadable.push(directory);
  }
  return { tasks, unreadable };
}

/** The names `bash_N` in the workspace, by N; also of directories that only keep a number from being used again. */
export function listTaskNames(workspace: Workspace): string[] {
  const names = readNames(tasksDirectory(workspace)).filter(
    (name) => taskNumber(name) !== undefined,
  );
  return names.sort((a, b) => (taskNumber(a) ?? 0) - (taskNumber(b) ?? 0));
}

/** Accepts `bash_3`, `3` and `#3`. @throws HoldfastError `task.notFound`, `file.unreadable` when it is damaged. */
export function findTask(workspace: Workspace, id: string, nowMs: number): TaskSnapshot {
  const name = /^#?\d+$/.test(id) ? `bash_${id.replace('#', '')}` : id;
  const directory = path.join(tasksDirectory(workspace), name);
  const task = taskNumber(name) === undefined ? undefined : readTask(directory, nowMs);
  if (task !== undefined) return task;
  const { tasks, unreadable } = listTasks(workspace, nowMs);
  if (unreadable.includes(directory)) {
    const { task: file } = taskDirectoryAt(directory);
    throw new HoldfastError('file.unreadable', `${file} is damaged`, { data: { path: file } });
  }
  throw new HoldfastError('task.notFound', `there is no task ${id} in ${workspace.folder}`, {
    data: { id, known: tasks.slice(-20).map((each) => each.id) },
  });
}

/** One directory that cannot be read must not hide the others. */
function tryReadTask(directory: string, nowMs: number): TaskSnapshot | undefined {
  try {
    return readTask(directory, nowMs);
  } catch (error) {
    if (HoldfastError.is(error, 'file.unreadable')) return undefined;
    throw error;
  }
}

function isUnreadable(directory: string): boolean {
  const files = taskDirectoryAt(directory);
  // A starter that died, or lost power, before it had written anything leaves an empty one: no task ever ran.
  const sizeBytes = statSync(files.task, { throwIfNoEntry: false })?.size ?? 0;
  return sizeBytes > 0 && !existsSync(files.removed);
}

function readNames(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw new HoldfastError('file.unreadable', `reading ${directory}: ${String(error)}`, {
      data: { path: directory },
      cause: error,
    });
  }
}
