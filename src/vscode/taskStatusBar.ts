import * as vscode from 'vscode';
import type { Disposable } from '../core/common/disposables.ts';
import { describeEnd, hasFailed } from '../core/tasks/describeEnd.ts';
import { taskLabel } from '../core/tasks/describeTask.ts';
import type { TaskSnapshot } from '../core/tasks/types.ts';
import { onDidEndTask } from './endedTasks.ts';
import type { HoldfastWindow } from './holdfastWindow.ts';

const MAX_LISTED = 10;

export interface TaskStatusBar extends Disposable {
  /** The user has seen the tasks: what failed until now is no news. */
  readonly forgetFailures: () => void;
  /** These ended without the user looking on. */
  readonly noteEnds: (tasks: readonly TaskSnapshot[]) => void;
}

/** How many tasks run, with a warning when one has failed since the user last looked. Hidden where there are no tasks. */
export function registerTaskStatusBar(
  window: HoldfastWindow,
  isLooking: () => boolean,
): TaskStatusBar {
  const { feed } = window;
  const item = vscode.window.createStatusBarItem('tasks', vscode.StatusBarAlignment.Left, 50);
  item.name = 'Holdfast Background Tasks';
  item.command = 'holdfast.tasks.list';
  const failedIds = new Set<string>();
  let shown = '';

  const update = (): void => {
    const { tasks } = feed;
    const running = tasks.filter(({ status }) => status === 'running');
    const failed = tasks.filter((task) => failedIds.has(task.id) && hasFailed(task));
    const state = [tasks.length > 0, ...running.map(taskLabel), '/', ...failed.map(taskLabel)];
    // It is asked whenever a task writes something, and every change costs the window a redraw.
    if (state.join('\n') === shown) return;
    shown = state.join('\n');
    render(item, running, failed);
    if (tasks.length > 0) item.show();
    else item.hide();
  };
  const noteEnds = (ended: readonly TaskSnapshot[]): void => {
    for (const task of ended) if (hasFailed(task)) failedIds.add(task.id);
    update();
  };
  const subscriptions = [
    onDidEndTask(window, (ended) => {
      if (!isLooking()) noteEnds(ended);
    }),
    feed.onDidChange(update),
  ];
  update();
  return {
    noteEnds,
    forgetFailures: () => {
      failedIds.clear();
      update();
    },
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
      item.dispose();
    },
  };
}

function render(
  item: vscode.StatusBarItem,
  running: readonly TaskSnapshot[],
  failed: readonly TaskSnapshot[],
): void {
  const runningText = `${running.length} background ${running.length === 1 ? 'task' : 'tasks'} running`;
  const isBad = failed.length > 0;
  item.text = `$(server-process) ${running.length}${isBad ? ` $(warning) ${failed.length}` : ''}`;
  item.backgroundColor = isBad
    ? new vscode.ThemeColor('statusBarItem.warningBackground')
    : undefined;
  item.tooltip = [
    runningText,
    ...running.slice(0, MAX_LISTED).map((task) => `  ${taskLabel(task)}`),
    ...failed.slice(0, MAX_LISTED).map((task) => `${task.id} ${describeEnd(task)}`),
  ].join('\n');
  item.accessibilityInformation = {
    label: isBad ? `${runningText}, ${failed.length} failed` : runningText,
    role: 'button',
  };
}
