import * as vscode from 'vscode';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import { requireTerminal } from '../../core/terminals/requireTerminal.ts';
import { registerCommand, type CommandScope } from '../commands/commandScope.ts';
import { runTask } from '../commands/runTask.ts';
import { taskFor } from '../commands/taskArgument.ts';
import { terminalOptions } from './keptTerminals.ts';
import { startShell } from './startTerminal.ts';

const PROFILE = 'holdfast.kept';

/** Whether one can attach to it. */
export function isAttachable(task: TaskSnapshot): boolean {
  return task.terminal !== undefined && task.status === 'running';
}

/** The commands and the terminal profile for programs in a terminal that outlives the editor. */
export function registerTerminalCommands(scope: CommandScope): vscode.Disposable[] {
  return [
    registerCommand(scope, 'holdfast.terminals.run', (argument) =>
      runTask(scope, argument, { isInteractive: true }),
    ),
    registerCommand(scope, 'holdfast.terminals.attach', async (...args) => {
      const window = scope.open();
      const question = 'Attach to which interactive task?';
      const task = await taskFor(window, args, { question, fits: isAttachable });
      if (task === undefined) return undefined;
      requireTerminal(task);
      window.terminals.attach(task);
      return task.id;
    }),
    registerCommand(scope, 'holdfast.terminals.newShell', async () => {
      const task = await startShell(scope);
      scope.open().terminals.attach(task);
      return task.id;
    }),
    vscode.window.registerTerminalProfileProvider(PROFILE, {
      provideTerminalProfile: async () => {
        try {
          return new vscode.TerminalProfile(terminalOptions(await startShell(scope)));
        } catch (error) {
          scope.messages.showError(error);
          return undefined;
        }
      },
    }),
  ];
}
