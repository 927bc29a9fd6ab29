import type * as vscode from 'vscode';
import { registerCommand, type CommandScope } from '../commands/commandScope.ts';

/** Registers the commands for Claude Code's sessions; what they do is loaded when one is called. */
export function registerClaudeCommands(scope: CommandScope): vscode.Disposable[] {
  return [
    registerCommand(scope, 'holdfast.claude.resume', async (argument) => {
      const { resumeClaudeSession } = await import('./resumeClaudeSession.ts');
      return resumeClaudeSession(scope, argument);
    }),
    registerCommand(scope, 'holdfast.claude.new', async (argument) => {
      const { newClaudeSession } = await import('./newClaudeSession.ts');
      return newClaudeSession(scope, argument);
    }),
    registerCommand(scope, 'holdfast.claude.resumeInTerminal', async (argument) => {
      const { resumeClaudeSession } = await import('./resumeClaudeSession.ts');
      return resumeClaudeSession(scope, argument, { isKept: true });
    }),
    registerCommand(scope, 'holdfast.claude.runInBackground', async (argument) => {
      const { runInBackground } = await import('./startAgents.ts');
      return runInBackground(scope, argument);
    }),
    registerCommand(scope, 'holdfast.claude.startInTerminal', async (argument) => {
      const { startInTerminal } = await import('./startAgents.ts');
      return startInTerminal(scope, argument);
    }),
    registerCommand(scope, 'holdfast.claude.answer', async (...args) => {
      const { answerAgent } = await import('./answerAgent.ts');
      return answerAgent(scope, args);
    }),
    registerCommand(scope, 'holdfast.claude.restore', async () => {
      const { restoreVanished } = await import('./restoreVanished.ts');
      return restoreVanished(scope);
    }),
  ];
}
