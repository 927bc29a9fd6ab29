import * as vscode from 'vscode';
import { realDirectory } from '../../core/agents/claude-code/transcripts/claudeDirectory.ts';
import { sessionOfName } from '../../core/agents/claude-code/transcripts/sessionNames.ts';
import { requireSessionId, whyNoSessionId } from '../../core/sessions/sessionId.ts';
import type { CommandScope } from '../commands/commandScope.ts';
import { requireTrust } from '../windowFolder.ts';

/**
 * Begins a session of Claude Code in a terminal, under a name by which it is found again; gives the name, empty for none,
 * or undefined when the user has thought better of it. The command line keeps which UUID the name stands for.
 */
export async function newClaudeSession(
  scope: CommandScope,
  argument: unknown,
): Promise<string | undefined> {
  const { host } = scope.open();
  requireTrust();
  const { home, folder } = host.workspace;
  const given = typeof argument === 'string' ? argument : await askName(home, folder);
  if (given === undefined) return undefined;
  const name = given.trim();
  // It becomes a word of a command line.
  if (name !== '') requireSessionId(name);
  const terminal = vscode.window.createTerminal({
    name: name === '' ? 'Claude' : `Claude: ${name}`,
    cwd: folder,
  });
  terminal.show();
  terminal.sendText(name === '' ? 'holdfast claude new' : `holdfast claude new --name ${name}`);
  return name;
}

function askName(home: string, folder: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: 'New Claude Code Session',
    prompt: 'A name by which it is resumed, such as project-main',
    placeHolder: 'No name',
    validateInput: (text) => {
      const name = text.trim();
      if (name === '') return undefined;
      const reason = whyNoSessionId(name);
      if (reason !== undefined) return `This cannot be its name: ${reason}.`;
      const isTaken = sessionOfName(home, realDirectory(folder), name) !== undefined;
      return isTaken ? 'There is a session of this name in this folder.' : undefined;
    },
  });
}
