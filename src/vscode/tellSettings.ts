import * as vscode from 'vscode';
import { writeWorkspaceSettings } from '../core/store/workspaceSettings.ts';
import type { HoldfastWindow } from './holdfastWindow.ts';
import { workspaceSettingsOf, type Settings } from './settings.ts';

/** Leaves word of what is set in the editor for faces that have no settings of their own, now and when it changes. */
export function tellSettings(
  { host, log }: HoldfastWindow,
  readSettings: () => Settings,
): vscode.Disposable {
  const tell = (): void => {
    // What a folder says of itself counts only once its user trusts it.
    if (!vscode.workspace.isTrusted) return;
    try {
      writeWorkspaceSettings(host.workspace, workspaceSettingsOf(readSettings()));
    } catch (error) {
      log.warn('settings.notTold', { error });
    }
  };
  tell();
  return vscode.Disposable.from(
    vscode.workspace.onDidGrantWorkspaceTrust(tell),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('holdfast')) tell();
    }),
  );
}
