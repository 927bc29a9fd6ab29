import type * as vscode from 'vscode';
import { registerCommand, type CommandScope } from '../commands/commandScope.ts';

/** Registers the commands for Claude Code's sessions; what they do is loaded when one is called. */
export function registerClaudeCommands(scope: CommandScope): vscode.Disposable[] {
  return [
    registerCommand(scope, 'holdfast.claude.resume', async (argument) => {
      const { resumeClaudeSession } = await import('./resumeClaudeSession.ts');
      return resumeClaudeSession(scope, argument);
    }),
    registerCommand(scope, 'holdfast.claude.restore', async () => {
      const { restoreVanished } = await import('./restoreVanished.ts');
      return restoreVanished(scope);
    }),
  ];
}
