import * as vscode from 'vscode';
import {
  settingsFilesOf,
  type SettingsFiles,
  type SettingsScope,
} from '../../core/agents/claude-code/holdfastParts.ts';
import { installParts } from '../../core/agents/claude-code/installParts.ts';
import { protect, readProtection, unprotect } from '../../core/agents/claude-code/protect.ts';
import { changeUserMcpServer } from '../../core/agents/claude-code/userMcpServer.ts';
import { HoldfastError } from '../../core/common/errors.ts';
import type { TaskHost } from '../../core/tasks/taskHost.ts';
import { registerCommand, type CommandScope } from '../commands/commandScope.ts';
import { cliScript } from '../cliScript.ts';
import { requireTrust } from '../windowFolder.ts';

/** Commands by which Claude Code's background commands become tasks, and by which they cease to. */
export function registerProtectCommands(scope: CommandScope): vscode.Disposable[] {
  return [
    registerCommand(scope, 'holdfast.claude.protect', (argument) => protectClaude(scope, argument)),
    registerCommand(scope, 'holdfast.claude.unprotect', () => unprotectClaude(scope)),
    registerCommand(scope, 'holdfast.claude.status', () => showStatus(scope)),
  ];
}

const choices: readonly { readonly label: string; readonly scope: SettingsScope }[] = [
  { label: 'Protect in This Folder', scope: 'workspace' },
  { label: 'Protect in All Folders', scope: 'user' },
];

/** Gives where it protects now, or undefined when the user wanted none of it. Tests name the scope. */
async function protectClaude(
  scope: CommandScope,
  argument: unknown,
): Promise<SettingsScope | undefined> {
  const { host } = scope.open();
  requireTrust();
  requirePosix();
  const named = choices.find((choice) => choice.scope === argument)?.scope;
  const chosen = named ?? (await askWhere(host));
  if (chosen === undefined) return undefined;
  const { home } = host.workspace;
  installParts(home, host.scriptsDirectory, {
    nodeExecutable: host.nodeExecutable,
    cliScript: cliScript(),
  });
  const changes = protect(home, filesOf(host, chosen));
  const byHand =
    chosen === 'user' ? await changeUserMcpServer('add', home, host.environment) : undefined;
  scope.log.info('claude.protected', { scope: chosen, changes });
  void vscode.window.showInformationMessage(
    byHand === undefined
      ? 'Claude Code is protected: from its next start on, its background commands are tasks here and outlive it.'
      : `Claude Code is protected from its next start on. To let it read the output of tasks, run this in a terminal: ${byHand}`,
  );
  return chosen;
}

async function askWhere(host: TaskHost): Promise<SettingsScope | undefined> {
  const { settings, mcp } = filesOf(host, 'workspace');
  const detail = `This writes a shell prefix, hooks and an MCP server into Claude Code's settings: ${settings} and ${mcp ?? ''}, or those of all folders. What is there stays, with a backup beside, and “Unprotect Claude Code” takes it all back. Permissions are checked as before.`;
  const label = await vscode.window.showInformationMessage(
    'Let background commands of Claude Code outlive it?',
    { modal: true, detail },
    ...choices.map((choice) => choice.label),
  );
  return choices.find((choice) => choice.label === label)?.scope;
}

/** Takes it out of the settings of this folder and of the user's; gives the files that were changed. */
async function unprotectClaude(scope: CommandScope): Promise<string[]> {
  const { host } = scope.open();
  const { home } = host.workspace;
  const wasUser = readProtection(home, filesOf(host, 'user')).isProtected;
  const changes = choices.flatMap((choice) => unprotect(home, filesOf(host, choice.scope)));
  if (wasUser) await changeUserMcpServer('remove', home, host.environment);
  const changed = changes.filter(({ kind }) => kind !== 'unchanged').map(({ path }) => path);
  scope.log.info('claude.unprotected', { changes });
  void vscode.window.showInformationMessage(
    changed.length === 0
      ? 'Claude Code is not protected here.'
      : 'Claude Code is no longer protected. Tasks that run go on.',
  );
  return changed;
}

/** Gives the scopes whose settings protect Claude Code. */
function showStatus(scope: CommandScope): SettingsScope[] {
  const { host } = scope.open();
  const states = choices.map((choice) => ({
    scope: choice.scope,
    ...readProtection(host.workspace.home, filesOf(host, choice.scope)),
  }));
  const on = states.filter(({ isProtected }) => isProtected);
  const isBroken = on.some(({ isInstalled }) => !isInstalled);
  const where = on.map((state) => (state.scope === 'user' ? 'all folders' : 'this folder'));
  const action = on.length === 0 || isBroken ? 'Protect Claude Code' : 'Unprotect Claude Code';
  void vscode.window
    .showInformationMessage(
      on.length === 0
        ? 'Claude Code is not protected here: its background commands end with it.'
        : `Claude Code is protected in ${where.join(' and in ')}${isBroken ? ', but programs are missing: protect it again' : ''}.`,
      action,
    )
    .then((chosen) => {
      if (chosen === undefined) return;
      const command = chosen === 'Protect Claude Code' ? 'protect' : 'unprotect';
      void vscode.commands.executeCommand(`holdfast.claude.${command}`);
    });
  return on.map((state) => state.scope);
}

function filesOf({ workspace, environment }: TaskHost, scope: SettingsScope): SettingsFiles {
  return settingsFilesOf(scope, workspace.folder, environment);
}

function requirePosix(): void {
  if (process.platform !== 'win32') return;
  throw new HoldfastError('claude.unsupported', 'there is no shell prefix on Windows');
}
