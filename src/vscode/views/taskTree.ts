import * as vscode from 'vscode';
import { DisposableStore } from '../../core/common/disposables.ts';
import { HoldfastError } from '../../core/common/errors.ts';
import { sortTasks } from '../../core/tasks/taskSorting.ts';
import type { AgentQuestions } from '../claude/agentQuestions.ts';
import type { HoldfastWindow } from '../holdfastWindow.ts';
import { TaskTreeProvider } from './taskTreeProvider.ts';
import { findUnreadable, viewMessage } from './viewMessage.ts';
import { ViewRefresh } from './viewRefresh.ts';

export const TASK_VIEW = 'holdfast.tasks';

/** How often a running task's duration moves on in the view. */
const TICK_MS = 5000;

/** Fills the view *Background Tasks*, and keeps it, its badge and its message up to date. */
export function registerTaskTree(
  window: HoldfastWindow,
  questions: AgentQuestions,
): vscode.TreeView<string> {
  const disposables = window.disposables.add(new DisposableStore());
  const provider = disposables.add(new TaskTreeProvider(window));
  const view = disposables.add(
    vscode.window.createTreeView(TASK_VIEW, { treeDataProvider: provider, canSelectMany: true }),
  );
  const refresh = disposables.add(
    new ViewRefresh((what) => {
      provider.refresh(what);
    }),
  );
  const seen = (): void => {
    refresh.isPaused = !view.visible;
  };
  seen();
  disposables.add(view.onDidChangeVisibility(seen));
  let order = orderOf(window);
  disposables.add(
    window.feed.onDidChange(({ changed, ended }) => {
      const newOrder = orderOf(window);
      const isReordered = newOrder !== order;
      order = newOrder;
      refresh.request(isReordered ? 'all' : changed.map(({ id }) => id));
      if (isReordered || ended.length > 0) describeView(window, questions, view);
    }),
  );
  disposables.add(
    questions.onDidChange(() => {
      refresh.request('all');
      describeView(window, questions, view);
    }),
  );
  const ticks = setInterval(() => {
    if (view.visible) refresh.request(runningIds(window));
  }, TICK_MS);
  disposables.add({
    dispose: () => {
      clearInterval(ticks);
    },
  });
  describeView(window, questions, view);
  return view;
}

/** Which rows there are, and in which order. */
function orderOf({ feed }: HoldfastWindow): string {
  return sortTasks(feed.tasks)
    .map(({ id, status }) => `${id} ${status}`)
    .join();
}

function describeView(
  window: HoldfastWindow,
  { waiting }: AgentQuestions,
  view: vscode.TreeView<string>,
): void {
  const { tasks } = window.feed;
  view.badge = badgeFor(runningIds(window).length, waiting.length);
  const unreadable = tryFindUnreadable(window);
  view.message = viewMessage(tasks, unreadable, waiting) ?? '';
  const hasTasks = tasks.length + unreadable.length > 0;
  void vscode.commands.executeCommand('setContext', 'holdfast.hasTasks', hasTasks);
}

/** What waits for somebody counts for more than what runs by itself. */
export function badgeFor(running: number, waiting: number): vscode.ViewBadge | undefined {
  const tasks = `${running} background task${running === 1 ? '' : 's'} running`;
  if (waiting > 0) {
    const questions = `${waiting} question${waiting === 1 ? '' : 's'} of Claude`;
    const verb = waiting === 1 ? 'waits' : 'wait';
    return { value: waiting, tooltip: `${questions} ${verb} for you, ${tasks}` };
  }
  return running === 0 ? undefined : { value: running, tooltip: tasks };
}

function runningIds({ feed }: HoldfastWindow): string[] {
  return feed.tasks.filter(({ status }) => status === 'running').map(({ id }) => id);
}

function tryFindUnreadable(window: HoldfastWindow): string[] {
  try {
    return findUnreadable(window.host.workspace, window.feed);
  } catch (error) {
    if (!HoldfastError.is(error)) throw error;
    window.log.warn('tasks.unreadable', { message: error.message });
    return [];
  }
}
