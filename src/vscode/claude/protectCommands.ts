import * as vscode from 'vscode';
import type { SettingsScope } from '../../core/agents/claude-code/holdfastParts.ts';
import { installParts } from '../../core/agents/claude-code/installParts.ts';
import { protect, readProtection, unprotect } from '../../core/agents/claude-code/protect.ts';
import { changeUserMcpServer } from '../../core/agents/claude-code/userMcpServer.ts';
import { HoldfastError } from '../../core/common/errors.ts';
import type { TaskHost } from '../../core/tasks/taskHost.ts';
import { registerCommand, type CommandScope } from '../commands/commandScope.ts';
import { cliScript } from '../cliScript.ts';
import { requireTrust } from '../windowFolder.ts';
import { filesOfFolders, filesOfUser, type FolderFiles } from './protectedFolders.ts';

/** Commands by which Claude Code's background commands become tasks, and by which they cease to. */
export function registerProtectCommands(scope: CommandScope): vscode.Disposable[] {
  return [
    registerCommand(scope, 'holdfast.claude.protect', (argument) => protectClaude(scope, argument)),
    registerCommand(scope, 'holdfast.claude.unprotect', () => unprotectClaude(scope)),
    registerCommand(scope, 'holdfast.claude.status', () => showStatus(scope)),
  ];
}

/** Gives where it protects now, or undefined when the user wanted none of it. Tests name the scope. */
async function protectClaude(
  scope: CommandScope,
  argument: unknown,
): Promise<SettingsScope | undefined> {
  const { host } = scope.open();
  requireTrust();
  requirePosix();
  const isNamed = argument === 'workspace' || argument === 'user';
  const chosen = isNamed ? argument : await askWhere(host);
  if (chosen === undefined) return undefined;
  const { home } = host.workspace;
  installParts(home, host.scriptsDirectory, {
    nodeExecutable: host.nodeExecutable,
    cliScript: cliScript(),
  });
  const places = placesOf(host, chosen);
  const changes = protect(home, ...places.map(({ files }) => files));
  const byHand =
    chosen === 'user' ? await changeUserMcpServer('add', home, host.environment) : undefined;
  scope.log.info('claude.protected', { scope: chosen, changes });
  const where = listed(places.map(({ name }) => name));
  void vscode.window.showInformationMessage(
    byHand === undefined
      ? `Claude Code is protected in ${where}: from its next start on, its background commands are tasks here and outlive it.`
      : `Claude Code is protected in ${where} from its next start on. To let it read the output of tasks, run this in a terminal: ${byHand}`,
  );
  return chosen;
}

async function askWhere(host: TaskHost): Promise<SettingsScope | undefined> {
  const folders = filesOfFolders(host);
  const [first] = folders;
  const written =
    folders.length > 1 || first === undefined
      ? `.claude/settings.local.json and .mcp.json in ${listed(folders.map(({ name }) => name))}`
      : listed([first.files.settings, first.files.mcp ?? '']);
  const detail = `This writes a shell prefix, hooks and an MCP server into Claude Code's settings: ${written}, or those of all folders. What is there stays, with a backup beside, and “Unprotect Claude Code” takes it all back. Permissions are checked as before.`;
  const here = folders.length > 1 ? 'Protect in These Folders' : 'Protect in This Folder';
  const everywhere = 'Protect in All Folders';
  const label = await vscode.window.showInformationMessage(
    'Let background commands of Claude Code outlive it?',
    { modal: true, detail },
    here,
    everywhere,
  );
  if (label === undefined) return undefined;
  return label === everywhere ? 'user' : 'workspace';
}

/** Takes it out of the settings of these folders and of the user's; gives the files that were changed. */
async function unprotectClaude(scope: CommandScope): Promise<string[]> {
  const { host } = scope.open();
  const { home } = host.workspace;
  const wasUser = readProtection(home, filesOfUser(host)).isProtected;
  const places = [...placesOf(host, 'workspace'), ...placesOf(host, 'user')].map((place) => {
    const changes = unprotect(home, place.files).filter(({ kind }) => kind !== 'unchanged');
    return { ...place, changes };
  });
  if (wasUser) await changeUserMcpServer('remove', home, host.environment);
  const changed = places.filter(({ changes }) => changes.length > 0);
  scope.log.info('claude.unprotected', { changes: changed.flatMap(({ changes }) => changes) });
  void vscode.window.showInformationMessage(
    changed.length === 0
      ? 'Claude Code is not protected here.'
      : `Claude Code is no longer protected in ${listed(changed.map(({ name }) => name))}. Tasks that run go on.`,
  );
  return changed.flatMap(({ changes }) => changes.map(({ path }) => path));
}

/** Gives the scopes whose settings protect Claude Code, in one of the folders at least. */
function showStatus(scope: CommandScope): SettingsScope[] {
  const { host } = scope.open();
  const states = (['workspace', 'user'] as const).flatMap((kind) =>
    placesOf(host, kind).map(({ name, files }) => {
      return { scope: kind, name, ...readProtection(host.workspace.home, files) };
    }),
  );
  const on = states.filter(({ isProtected }) => isProtected);
  const isUser = on.some((state) => state.scope === 'user');
  const off = isUser ? [] : states.filter((state) => !on.includes(state) && state.scope !== 'user');
  const isBroken = on.some(({ isInstalled }) => !isInstalled);
  const where = listed(on.map(({ name }) => name));
  const butNot = off.length === 0 ? '' : `, but not in ${listed(off.map(({ name }) => name))}`;
  const broken = isBroken ? '. Programs are missing: protect it again' : '';
  const isComplete = on.length > 0 && off.length === 0 && !isBroken;
  const action = isComplete ? 'Unprotect Claude Code' : 'Protect Claude Code';
  void vscode.window
    .showInformationMessage(
      on.length === 0
        ? 'Claude Code is not protected here: its background commands end with it.'
        : `Claude Code is protected in ${where}${butNot}${broken}.`,
      action,
    )
    .then((chosen) => {
      if (chosen === undefined) return;
      const command = chosen === 'Protect Claude Code' ? 'protect' : 'unprotect';
      void vscode.commands.executeCommand(`holdfast.claude.${command}`);
    });
  return [...new Set(on.map((state) => state.scope))];
}

function placesOf(host: TaskHost, scope: SettingsScope): FolderFiles[] {
  return scope === 'workspace'
    ? filesOfFolders(host)
    : [{ name: 'all folders', files: filesOfUser(host) }];
}

/** `a, b and c` */
function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

function requirePosix(): void {
  if (process.platform !== 'win32') return;
  throw new HoldfastError('claude.unsupported', 'there is no shell prefix on Windows');
}
