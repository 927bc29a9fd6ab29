import * as vscode from 'vscode';
import type { Disposable } from '../core/common/disposables.ts';
import type { Settings } from './settings.ts';

/** Says as long as it is so that no permission is asked for. */
export function registerBypassStatusBar(readSettings: () => Settings): Disposable {
  const item = vscode.window.createStatusBarItem('bypass', vscode.StatusBarAlignment.Left, 52);
  item.name = 'Holdfast Permission Bypass';
  item.text = '$(warning) Permissions bypassed';
  item.tooltip =
    'Agents run every command without asking, unless a rule denies it (holdfast.permissions.bypass). Click to turn it off.';
  item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
  item.command = {
    command: 'workbench.action.openSettings',
    title: 'Open Settings',
    arguments: ['holdfast.permissions.bypass'],
  };
  item.accessibilityInformation = { label: 'Warning: permissions are bypassed', role: 'button' };
  const update = (): void => {
    if (isBypassed(readSettings())) item.show();
    else item.hide();
  };
  update();
  return vscode.Disposable.from(
    item,
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('holdfast.permissions.bypass')) update();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(update),
  );
}

/** Never in a workspace that is not trusted, whatever the setting says. */
export function isBypassed({ bypassPermissions }: Settings): boolean {
  return bypassPermissions && vscode.workspace.isTrusted;
}
