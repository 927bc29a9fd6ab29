import * as vscode from 'vscode';
import { sortTasks } from '../../core/tasks/taskSorting.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import type { CommandScope, OpenedWindow } from './commandScope.ts';
import { killAll, killAllExcept, killSeveral, killTasks } from './killTasks.ts';
import { restartTask } from './restartTask.ts';
import { isAttachable } from '../terminals/terminalCommands.ts';
import { taskItem } from './taskItems.ts';

interface ListItem extends vscode.QuickPickItem {
  readonly task?: TaskSnapshot;
  /** What choosing the item does; the list is closed by then. */
  readonly run?: () => unknown;
}

interface TaskButton extends vscode.QuickInputButton {
  /** Done while the list stays open. */
  readonly runFor: (task: TaskSnapshot) => Promise<unknown>;
}

/** Shows the tasks, fresh as long as the list is open, and what can be done with them. */
export async function listTasks(scope: CommandScope): Promise<void> {
  const window = scope.open();
  window.onDidLook();
  const picker = vscode.window.createQuickPick<ListItem>();
  picker.title = 'Background Tasks';
  picker.placeholder = 'Pick a task to see its output';
  picker.matchOnDescription = true;
  picker.keepScrollPosition = true;
  const buttons = createButtons(scope, window, () => {
    picker.hide();
  });
  const show = (): void => {
    const active = picker.activeItems[0]?.label;
    picker.items = listItems(window, buttons);
    // New items lose the place in the list, which the user is reading.
    const same = picker.items.find(({ label }) => label === active);
    if (same !== undefined) picker.activeItems = [same];
  };
  show();
  const subscription = window.feed.onDidChange(({ added, removed, changed }) => {
    const isStanding = (task: TaskSnapshot): boolean =>
      picker.items.some((item) => item.task?.id === task.id && item.task.status === task.status);
    // Output alone changes nothing that the list shows, and a list that moves cannot be read.
    if (added.length + removed.length > 0 || !changed.every(isStanding)) show();
  });
  picker.onDidTriggerItemButton(async ({ button, item }) => {
    if (item.task === undefined) return;
    try {
      await (button as TaskButton).runFor(item.task);
    } catch (error) {
      scope.messages.showError(error);
    }
  });
  const chosen = await untilChosen(picker);
  subscription.dispose();
  picker.dispose();
  await chosen?.run?.();
}

function untilChosen(picker: vscode.QuickPick<ListItem>): Promise<ListItem | undefined> {
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      resolve(picker.selectedItems[0]);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
    });
    picker.show();
  });
}

interface Buttons {
  readonly attach: TaskButton;
  readonly output: TaskButton;
  readonly kill: TaskButton;
  readonly restart: TaskButton;
}

function createButtons(scope: CommandScope, window: OpenedWindow, hide: () => void): Buttons {
  const button = (icon: string, tooltip: string, runFor: TaskButton['runFor']): TaskButton => ({
    iconPath: new vscode.ThemeIcon(icon),
    tooltip,
    runFor,
  });
  return {
    attach: button('terminal', 'Attach', (task) => {
      hide();
      window.terminals.attach(task);
      return Promise.resolve();
    }),
    output: button('output', 'Show Output', (task) => {
      hide();
      window.channels.show(task.id);
      return Promise.resolve();
    }),
    kill: button('debug-stop', 'Kill', (task) => killTasks(window, [task])),
    restart: button('debug-restart', 'Restart', (task) => restartTask(scope, window, task)),
  };
}

function listItems(window: OpenedWindow, buttons: Buttons): ListItem[] {
  const tasks = sortTasks(window.feed.tasks);
  const running = tasks.filter(({ status }) => status === 'running');
  const finished = tasks.filter(({ status }) => status !== 'running');
  const { isTrusted } = vscode.workspace;
  const item = (task: TaskSnapshot): ListItem => ({
    ...taskItem(window, task),
    buttons: [
      ...(isAttachable(task) ? [buttons.attach] : []),
      buttons.output,
      ...(task.status === 'running' ? [buttons.kill] : []),
      ...(isTrusted ? [buttons.restart] : []),
    ],
    run: () => {
      window.channels.show(task.id);
    },
  });
  return [
    ...part(`Running (${running.length})`, running.map(item)),
    // Above what is over: that list may be long.
    ...part('Actions', actions(window, running.length)),
    ...part('Finished', finished.map(item)),
  ];
}

function actions(window: OpenedWindow, runningCount: number): ListItem[] {
  const action = (label: string, icon: string, run: () => unknown): ListItem => ({
    label,
    iconPath: new vscode.ThemeIcon(icon),
    run,
  });
  const kill = [
    action('Kill several…', 'checklist', () => killSeveral(window)),
    action(`Kill all ${runningCount}`, 'debug-stop', () => killAll(window)),
    action('Kill all except…', 'exclude', () => killAllExcept(window)),
  ];
  const run = action('Run background task…', 'add', () =>
    vscode.commands.executeCommand('holdfast.tasks.run'),
  );
  return [...(vscode.workspace.isTrusted ? [run] : []), ...(runningCount > 1 ? kill : [])];
}

function part(title: string, items: readonly ListItem[]): ListItem[] {
  if (items.length === 0) return [];
  return [{ label: title, kind: vscode.QuickPickItemKind.Separator }, ...items];
}
