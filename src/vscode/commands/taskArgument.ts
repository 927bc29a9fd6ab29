import * as vscode from 'vscode';
import { sortTasks } from '../../core/tasks/taskSorting.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import type { OpenedWindow } from './commandScope.ts';
import { requireFresh } from './requireFresh.ts';
import { taskItem } from './taskItems.ts';

export interface PickOptions {
  /** What the picker asks, such as “Restart which task?”. */
  readonly question: string;
  /** Which tasks the command can do something with; others are not offered. */
  readonly fits?: (task: TaskSnapshot) => boolean;
}

/**
 * The tasks a command is meant for: named by id, a tree item, or several of those; else chosen by the user. Undefined
 * when the user chose none.
 * @throws HoldfastError `task.notFound`.
 */
export async function tasksFor(
  window: OpenedWindow,
  args: readonly unknown[],
  options: PickOptions,
): Promise<TaskSnapshot[] | undefined> {
  const ids = taskIdsIn(args);
  if (ids.length > 0) return ids.map((id) => requireFresh(window, id));
  const task = await pickTask(window, options);
  return task && [task];
}

/** As {@link tasksFor}, for commands that do one thing at a time. */
export async function taskFor(
  window: OpenedWindow,
  args: readonly unknown[],
  options: PickOptions,
): Promise<TaskSnapshot | undefined> {
  const [id] = taskIdsIn(args);
  return id === undefined ? pickTask(window, options) : requireFresh(window, id);
}

/**
 * The ids in a command's arguments. A tree calls with the item that was clicked and, when several are selected, with
 * all of them; a click on an item outside the selection is meant for that item alone.
 */
export function taskIdsIn(args: readonly unknown[]): string[] {
  const [first, second] = args;
  if (Array.isArray(first)) return first.flatMap((item) => taskIdOf(item) ?? []);
  const id = taskIdOf(first);
  if (id === undefined) return [];
  const selected = Array.isArray(second) ? second.flatMap((item) => taskIdOf(item) ?? []) : [];
  return selected.includes(id) ? selected : [id];
}

function taskIdOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  if (typeof argument === 'number') return String(argument);
  if (typeof argument !== 'object' || argument === null) return undefined;
  if ('id' in argument && typeof argument.id === 'string') return argument.id;
  return 'task' in argument ? taskIdOf(argument.task) : undefined;
}

async function pickTask(
  window: OpenedWindow,
  { question, fits = () => true }: PickOptions,
): Promise<TaskSnapshot | undefined> {
  const tasks = window.feed.tasks.filter(fits);
  if (tasks.length === 0) {
    void vscode.window.showInformationMessage(`${question} There is none for this.`);
    return undefined;
  }
  const items = sortTasks(tasks).map((task) => taskItem(window, task));
  const picked = await vscode.window.showQuickPick(items, {
    title: question,
    placeHolder: 'Type to filter by number, command or name',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked && requireFresh(window, picked.task.id);
}
