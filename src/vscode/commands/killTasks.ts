import * as vscode from 'vscode';
import { HoldfastError } from '../../core/common/errors.ts';
import { killTask } from '../../core/tasks/killTask.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';
import { sortTasks } from '../../core/tasks/taskSorting.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import type { OpenedWindow } from './commandScope.ts';
import { requireFresh } from './requireFresh.ts';
import { taskItem } from './taskItems.ts';

/**
 * Ends tasks, all at the same time, while the status bar says so.
 * @throws HoldfastError `task.notRunning` when none of them runs; `process.survived` for the first that could not be
 *   ended, after the others have been.
 */
export async function killTasks(
  window: OpenedWindow,
  tasks: readonly TaskSnapshot[],
): Promise<TaskSnapshot[]> {
  // What a list showed may have ended meanwhile, and must not count as killed.
  const fresh = tasks.map(({ id }) => requireFresh(window, id));
  const running = fresh.filter(({ status }) => status === 'running');
  const [first] = tasks;
  if (running.length === 0 && first !== undefined) {
    throw new HoldfastError('task.notRunning', `${first.id} does not run`, {
      data: { id: first.id },
    });
  }
  const names = running.length === 1 ? (running[0]?.id ?? '') : `${running.length} tasks`;
  const results = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: `Ending ${names}…` },
    () => Promise.allSettled(running.map((task) => killTask(window.host, task))),
  );
  window.feed.refresh();
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** Lets the user mark the tasks to end. */
export async function killSeveral(window: OpenedWindow): Promise<void> {
  const chosen = await pickSeveral(window, {
    title: 'Kill Several Background Tasks',
    placeHolder: 'Which ones? Everything they started is ended, too.',
  });
  if (chosen !== undefined && chosen.length > 0) await killTasks(window, chosen);
}

/** Lets the user mark the tasks to spare. */
export async function killAllExcept(window: OpenedWindow): Promise<void> {
  const spared = await pickSeveral(window, {
    title: 'Kill All Background Tasks Except…',
    placeHolder: 'Which ones go on? All others are ended.',
  });
  if (spared === undefined) return;
  const ids = new Set(spared.map(({ id }) => id));
  await killAll(window, (task) => !ids.has(task.id));
}

/** Ends every running task, or those that are meant, once the user has confirmed it. */
export async function killAll(
  window: OpenedWindow,
  isMeant: (task: TaskSnapshot) => boolean = () => true,
): Promise<void> {
  const running = runningTasks(window).filter(isMeant);
  if (running.length === 0) return;
  const question =
    running.length === 1 ? `Kill ${running[0]?.id ?? ''}?` : `Kill ${running.length} tasks?`;
  const detail = running
    .slice(0, 12)
    .map(({ id, command }) => `${id}: ${oneLine(command, 100)}`)
    .concat(running.length > 12 ? [`and ${running.length - 12} more`] : [])
    .join('\n');
  const kill = 'Kill';
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, kill);
  if (answer === kill) await killTasks(window, running);
}

async function pickSeveral(
  window: OpenedWindow,
  words: { readonly title: string; readonly placeHolder: string },
): Promise<TaskSnapshot[] | undefined> {
  const items = runningTasks(window).map((task) => taskItem(window, task));
  const picked = await vscode.window.showQuickPick(items, {
    ...words,
    canPickMany: true,
    matchOnDescription: true,
  });
  return picked?.map(({ task }) => task);
}

function runningTasks(window: OpenedWindow): TaskSnapshot[] {
  return sortTasks(window.feed.tasks).filter(({ status }) => status === 'running');
}
