import path from 'node:path';
import type * as vscode from 'vscode';
import type { Workspace } from '../core/store/workspace.ts';
import { launcherDirectory } from './launcher.ts';

/** Puts the command `holdfast` on the PATH of this window's terminals, and makes it work on this window's tasks. */
export function provideTerminalEnvironment(
  collection: vscode.EnvironmentVariableCollection,
  workspace: Workspace,
): void {
  // Not kept beyond the window: a terminal that is restored without Holdfast must not point to it.
  collection.persistent = false;
  collection.clear();
  collection.description =
    'Adds the command `holdfast`, which works on the background tasks of this window';
  // A login shell (the default on macOS) makes PATH anew when it starts; shell integration puts us back.
  const options = { applyAtProcessCreation: true, applyAtShellIntegration: true };
  collection.prepend('PATH', `${launcherDirectory(workspace.home)}${path.delimiter}`, options);
  collection.replace('HOLDFAST_HOME', workspace.home);
  collection.replace('HOLDFAST_WORKSPACE', workspace.folder);
}

/** Tasks that are started in the terminals belong to this session; those that are open already keep theirs. */
export function nameSessionInTerminals(
  collection: vscode.EnvironmentVariableCollection,
  session: string | undefined,
): void {
  if (session === undefined) collection.delete('HOLDFAST_SESSION');
  else collection.replace('HOLDFAST_SESSION', session);
}
