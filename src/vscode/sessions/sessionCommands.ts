import type * as vscode from 'vscode';
import { registerCommand, type CommandScope } from '../commands/commandScope.ts';

const commands = [
  'holdfast.sessions.new',
  'holdfast.sessions.newWithId',
  'holdfast.sessions.continue',
  'holdfast.sessions.resume',
  'holdfast.sessions.resumeById',
  'holdfast.sessions.branch',
  'holdfast.sessions.search',
  'holdfast.sessions.rename',
  'holdfast.sessions.pin',
  'holdfast.sessions.unpin',
  'holdfast.sessions.copyId',
  'holdfast.sessions.addNote',
  'holdfast.sessions.showNotes',
  'holdfast.sessions.showFiles',
  'holdfast.sessions.createNotes',
  'holdfast.sessions.updateNotes',
  'holdfast.sessions.export',
  'holdfast.sessions.import',
  'holdfast.sessions.show',
  'holdfast.sessions.delete',
  'holdfast.sessions.prune',
  'holdfast.sessions.repair',
  'holdfast.sessions.openFile',
  'holdfast.sessions.toggleAllWorkspaces',
  'holdfast.permissions.add',
  'holdfast.permissions.revoke',
] as const;

export type SessionCommand = (typeof commands)[number];

/** Registers the commands for sessions and permissions; what they do is loaded when one is called. */
export function registerSessionCommands(scope: CommandScope): vscode.Disposable[] {
  return commands.map((id) =>
    registerCommand(scope, id, async (...args) => {
      const window = scope.open();
      const sessions = await window.sessions.open();
      const { commandTable } = await import('./commandTable.ts');
      return commandTable[id]({ scope, window, sessions }, args);
    }),
  );
}
