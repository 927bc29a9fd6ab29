import * as vscode from 'vscode';
import { registerCommand, type CommandScope } from './commandScope.ts';
import { showOrphans } from './findOrphans.ts';
import { registerTaskCommands, registerTaskFileCommands } from './taskCommands.ts';

/** Registers every command of package.json. */
export function registerCommands(scope: CommandScope): vscode.Disposable {
  return vscode.Disposable.from(
    ...registerTaskCommands(scope),
    ...registerTaskFileCommands(scope),
    registerCommand(scope, 'holdfast.processes.findOrphans', () => showOrphans(scope)),
    registerCommand(scope, 'holdfast.log.show', () => {
      scope.showLog();
    }),
  );
}
