import * as vscode from 'vscode';
import type { OpenedWindow } from './commands/commandScope.ts';
import { refreshProtection } from './claude/refreshProtection.ts';
import { registerAgents } from './claude/registerAgents.ts';
import { tellHooks } from './claude/tellHooks.ts';
import { registerClaudeGuard } from './claude/registerClaudeGuard.ts';
import { registerEndNotifications } from './endNotifications.ts';
import { registerBypassStatusBar } from './bypassStatusBar.ts';
import { cliScript } from './cliScript.ts';
import type { HoldfastWindow } from './holdfastWindow.ts';
import { registerIdleNotices } from './idleNotices.ts';
import { refreshLauncher } from './launcher.ts';
import { registerTaskChannels } from './output/taskChannels.ts';
import { createLazySessions, type LazySessions } from './sessions/lazySessions.ts';
import type { Settings } from './settings.ts';
import { registerTaskStatusBar } from './taskStatusBar.ts';
import { tellSettings } from './tellSettings.ts';
import { provideTerminalEnvironment } from './terminalEnvironment.ts';
import { KeptTerminals } from './terminals/keptTerminals.ts';
import { registerUpkeep } from './upkeep.ts';
import { SESSION_VIEW } from './views/sessionView.ts';
import { registerTaskTree, TASK_VIEW } from './views/taskTree.ts';
import { registerWhileAway } from './whileAway.ts';

/** Gives an opened window everything that shows its tasks; all of it goes with the window's `disposables`. */
export function showWindow(
  context: vscode.ExtensionContext,
  window: HoldfastWindow,
  readSettings: () => Settings,
): OpenedWindow {
  const { disposables, host } = window;
  const questions = registerAgents(window, readSettings);
  const view = registerTaskTree(window, questions);
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
  disposables.add(tellSettings(window, readSettings));
  disposables.add(registerClaudeGuard(window, readSettings));
  const target = { nodeExecutable: host.nodeExecutable, cliScript: cliScript() };
  try {
    refreshLauncher(host.workspace.home, target);
    provideTerminalEnvironment(context.environmentVariableCollection, host.workspace);
  } catch (error) {
    window.log.warn('launcher.notWritten', { error });
  }
  refreshProtection(window, target);
  disposables.add(tellHooks(window));
  const onDidLook = (): void => {
    statusBar.forgetFailures();
  };
  const sessions = createLazySessions(context, window, readSettings);
  disposables.add(registerBypassStatusBar(readSettings));
  openSoon(window, sessions);
  const terminals = disposables.add(new KeptTerminals(window, context.workspaceState));
  return { ...window, channels, onDidLook, questions, sessions, terminals };
}

/** The tasks are there first. */
function openSoon({ disposables, log }: HoldfastWindow, sessions: LazySessions): void {
  const timer = setTimeout(() => {
    sessions.open().catch((error: unknown) => {
      log.error('sessions.notOpened', { error });
    });
  }, 0);
  disposables.add({
    dispose: () => {
      clearTimeout(timer);
    },
  });
}

/** A window without tasks still has the views: with no rows, the welcome text says why. */
export function showEmptyView(): vscode.Disposable {
  const noRows: vscode.TreeDataProvider<string> = {
    getChildren: () => [],
    getTreeItem: (id) => new vscode.TreeItem(id),
  };
  return vscode.Disposable.from(
    ...[TASK_VIEW, SESSION_VIEW].map((view) =>
      vscode.window.registerTreeDataProvider(view, noRows),
    ),
  );
}
