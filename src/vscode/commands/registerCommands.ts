import * as vscode from 'vscode';
import { registerCommand, type CommandScope } from './commandScope.ts';
import { showOrphans } from './findOrphans.ts';
import { copyMcpConfiguration } from '../mcp/copyConfiguration.ts';
import { registerClaudeCommands } from '../claude/claudeCommands.ts';
import { registerProtectCommands } from '../claude/protectCommands.ts';
import { registerSessionCommands } from '../sessions/sessionCommands.ts';
import { registerTerminalCommands } from '../terminals/terminalCommands.ts';
import { registerTaskCommands, registerTaskFileCommands } from './taskCommands.ts';

/** Registers every command of package.json. */
export function registerCommands(scope: CommandScope): vscode.Disposable {
  return vscode.Disposable.from(
    ...registerTaskCommands(scope),
    ...registerTaskFileCommands(scope),
    ...registerSessionCommands(scope),
    ...registerClaudeCommands(scope),
    ...registerProtectCommands(scope),
    ...registerTerminalCommands(scope),
    registerCommand(scope, 'holdfast.processes.findOrphans', () => showOrphans(scope)),
    registerCommand(scope, 'holdfast.mcp.copyConfiguration', () => copyMcpConfiguration(scope)),
    registerCommand(scope, 'holdfast.log.show', () => {
      scope.showLog();
    }),
  );
}
