import * as vscode from 'vscode';
import type { Disposable } from '../core/common/disposables.ts';
import { describeEnd, hasFailed } from '../core/tasks/describeEnd.ts';
import { oneLine } from '../core/tasks/describeTask.ts';
import { claimNotice } from '../core/tasks/notices.ts';
import type { TaskSnapshot } from '../core/tasks/types.ts';
import { onDidEndTask } from './endedTasks.ts';
import type { HoldfastWindow } from './holdfastWindow.ts';
import type { Settings } from './settings.ts';
import { untilWorkbenchAnswers } from './workbench.ts';

/** What ends together is told together. */
const GATHER_MS = 400;
/** After one message, the ends of this time make up the next. */
const PAUSE_MS = 5000;
const MAX_NAMED = 4;

/** Tells of tasks that end, as the user wants it; never of one that was ended on request. */
export function registerEndNotifications(
  window: HoldfastWindow,
  readSettings: () => Settings,
): Disposable {
  let waiting: TaskSnapshot[] = [];
  let timer: NodeJS.Timeout | undefined;
  let lastToldAtMs = -Infinity;

  const tell = async (): Promise<void> => {
    await untilWorkbenchAnswers();
    timer = undefined;
    const tasks = waiting.filter((task) => claimNotice(task, 'ended'));
    waiting = [];
    if (tasks.length === 0) return;
    lastToldAtMs = performance.now();
    await notify(tasks);
  };
  const subscription = onDidEndTask(window, (ended) => {
    const { notifyOnTaskEnd } = readSettings();
    waiting.push(...ended.filter((task) => isWorthTelling(task, notifyOnTaskEnd)));
    if (waiting.length === 0 || timer !== undefined) return;
    const pauseMs = lastToldAtMs + PAUSE_MS - performance.now();
    timer = setTimeout(
      () => {
        tell().catch((error: unknown) => {
          window.log.warn('end.notTold', { error });
        });
      },
      Math.max(GATHER_MS, pauseMs),
    );
  });
  return {
    dispose: () => {
      clearTimeout(timer);
      subscription.dispose();
    },
  };
}

function isWorthTelling(task: TaskSnapshot, wanted: Settings['notifyOnTaskEnd']): boolean {
  switch (wanted) {
    case 'never':
      return false;
    case 'failed':
      return hasFailed(task);
    case 'always':
      return hasFailed(task) || task.status === 'completed';
  }
}

/** One message, however many tasks ended. */
async function notify(tasks: readonly TaskSnapshot[]): Promise<void> {
  const show = tasks.some(hasFailed)
    ? vscode.window.showWarningMessage.bind(vscode.window)
    : vscode.window.showInformationMessage.bind(vscode.window);
  const [task] = tasks;
  if (tasks.length === 1 && task !== undefined) {
    const buttons = vscode.workspace.isTrusted ? ['Show Output', 'Restart'] : ['Show Output'];
    const message = `${task.id} ${describeEnd(task)}: ${oneLine(task.title ?? task.command, 80)}`;
    const answer = await show(message, ...buttons);
    if (answer === 'Show Output') await run('holdfast.tasks.showOutput', task.id);
    if (answer === 'Restart') await run('holdfast.tasks.restart', task.id);
    return;
  }
  const named = tasks.slice(0, MAX_NAMED).map((each) => `${each.id} ${describeEnd(each)}`);
  if (tasks.length > MAX_NAMED) named.push(`and ${tasks.length - MAX_NAMED} more`);
  const answer = await show(`${tasks.length} tasks ended: ${named.join(', ')}`, 'Show Tasks');
  if (answer === 'Show Tasks') await run('holdfast.tasks.list');
}

function run(command: string, ...args: readonly unknown[]): Thenable<unknown> {
  return vscode.commands.executeCommand(command, ...args);
}
