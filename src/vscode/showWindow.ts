import path from 'node:path';
import * as vscode from 'vscode';
import type { OpenedWindow } from './commands/commandScope.ts';
import { registerEndNotifications } from './endNotifications.ts';
import type { HoldfastWindow } from './holdfastWindow.ts';
import { registerIdleNotices } from './idleNotices.ts';
import { refreshLauncher } from './launcher.ts';
import { registerTaskChannels } from './output/taskChannels.ts';
import type { Settings } from './settings.ts';
import { registerTaskStatusBar } from './taskStatusBar.ts';
import { provideTerminalEnvironment } from './terminalEnvironment.ts';
import { registerUpkeep } from './upkeep.ts';
import { registerTaskTree, TASK_VIEW } from './views/taskTree.ts';
import { registerWhileAway } from './whileAway.ts';

/** Gives an opened window everything that shows its tasks; all of it goes with the window's `disposables`. */
export function showWindow(
  context: vscode.ExtensionContext,
  window: HoldfastWindow,
  readSettings: () => Settings,
): OpenedWindow {
  const { disposables, host } = window;
  const view = registerTaskTree(window);
  const channels = registerTaskChannels(window);
  const statusBar = disposables.add(registerTaskStatusBar(window, () => view.visible));
  disposables.add(
    view.onDidChangeVisibility(({ visible }) => {
      if (visible) statusBar.forgetFailures();
    }),
  );
  disposables.add(registerWhileAway(window, statusBar.noteEnds));
  disposables.add(registerEndNotifications(window, readSettings));
  disposables.add(registerIdleNotices(window, readSettings));
  disposables.add(registerUpkeep(window, readSettings));
  try {
    refreshLauncher(host.workspace.home, {
      nodeExecutable: host.nodeExecutable,
      cliScript: path.join(context.extensionPath, 'dist', 'cli.cjs'),
    });
    provideTerminalEnvironment(context.environmentVariableCollection, host.workspace);
  } catch (error) {
    window.log.warn('launcher.notWritten', { error });
  }
  const onDidLook = (): void => {
    statusBar.forgetFailures();
  };
  return { ...window, channels, onDidLook };
}

/** A window without tasks still has the view: with no rows, the welcome text says why. */
export function showEmptyView(): vscode.Disposable {
  const noRows: vscode.TreeDataProvider<string> = {
    getChildren: () => [],
    getTreeItem: (id) => new vscode.TreeItem(id),
  };
  return vscode.window.registerTreeDataProvider(TASK_VIEW, noRows);
}
