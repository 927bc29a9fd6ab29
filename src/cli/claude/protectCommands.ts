import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import {
  MCP_SERVER_NAME,
  settingsFilesOf,
  type SettingsFiles,
  type SettingsScope,
} from '../../core/agents/claude-code/holdfastParts.ts';
import { hasMark, setMark } from '../../core/agents/claude-code/hookMarks.ts';
import { installParts } from '../../core/agents/claude-code/installParts.ts';
import {
  protect,
  readProtection,
  unprotect,
  type FileChange,
} from '../../core/agents/claude-code/protect.ts';
import { changeUserMcpServer } from '../../core/agents/claude-code/userMcpServer.ts';
import { HoldfastError } from '../../core/common/errors.ts';
import { resolveHome } from '../../core/store/home.ts';
import { workspaceOf } from '../../core/store/workspace.ts';
import {
  absolutePath,
  currentDirectory,
  findScriptsDirectory,
  type CommonOptions,
} from '../context.ts';
import { addCommand } from '../program.ts';
import { tell, writeJson, writeLine } from '../stdio.ts';
import { launcherTarget } from './launcherTarget.ts';

interface ProtectOptions extends CommonOptions {
  readonly user?: boolean;
  readonly yes?: boolean;
  /** Undefined: as it was. */
  readonly wake?: boolean;
}

/** What one protection is about. */
interface Place {
  readonly home: string;
  readonly scope: SettingsScope;
  readonly files: SettingsFiles;
}

export function defineProtect(claude: Command): void {
  addCommand(claude, 'protect', {
    summary: 'let background commands of Claude Code become tasks that outlive it',
    details:
      "Writes a shell prefix, hooks and an MCP server into Claude Code's settings of one folder (.claude/settings.local.json and .mcp.json), or of the user. The folder is the one that Claude Code is started in: the current directory, or what --workspace names. What is there stays, with a backup beside. Permissions are checked as before.",
    example:
      'holdfast claude protect\nholdfast claude protect --user --yes\nholdfast claude protect --wake',
  })
    .option('--user', "in the user's settings, for all folders")
    .option('--yes', 'without a question')
    .option('--wake', 'let the end of a kept task wake a Claude that is idle in a terminal')
    .option('--no-wake', 'do not (as at first)')
    .action(runProtect);
  addCommand(claude, 'unprotect', {
    summary: "take that out of Claude Code's settings again",
    details:
      'Of the current directory, or of what --workspace names. A file that nobody has changed since becomes what it was, byte for byte; from another only what is ours is taken. Tasks go on.',
    example: 'holdfast claude unprotect',
  })
    .option('--user', "in the user's settings")
    .action(runUnprotect);
  addCommand(claude, 'status', {
    summary: 'tell whether Claude Code is protected',
    details:
      'When it is started in the current directory, or in what --workspace names: by the settings there, or by those of the user.',
    example: 'holdfast claude status --json',
  }).action(showStatus);
}

async function runProtect(_: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<ProtectOptions>();
  requirePosix();
  const place = placeOf(options, options.user === true ? 'user' : 'workspace');
  if (options.yes !== true && !(await isWanted(place, options))) {
    await writeLine('Nothing was written.');
    return;
  }
  installParts(place.home, findScriptsDirectory(), launcherTarget());
  if (options.wake !== undefined) setMark(place.home, 'wake', options.wake);
  const changes = protect(place.home, place.files);
  if (place.scope === 'user') await changeUserServer('add', place);
  await report(changes, options, 'Claude Code is protected here from its next start on.');
}

async function runUnprotect(_: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<ProtectOptions>();
  const place = placeOf(options, options.user === true ? 'user' : 'workspace');
  const changes = unprotect(place.home, place.files);
  if (place.scope === 'user') await changeUserServer('remove', place);
  const hasChanged = changes.some(({ kind }) => kind !== 'unchanged');
  const summary = hasChanged
    ? 'Claude Code is no longer protected by these settings.'
    : 'There is nothing of Holdfast in these settings.';
  await report(changes, options, summary);
}

async function showStatus(_: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<CommonOptions>();
  const scopes = (['workspace', 'user'] as const).map((scope) => {
    const place = placeOf(options, scope);
    return { scope, settings: place.files.settings, ...readProtection(place.home, place.files) };
  });
  if (options.json) {
    await writeJson({
      protected: scopes.some(({ isProtected }) => isProtected),
      wakes: hasMark(resolveHome(process.env), 'wake'),
      scopes: scopes.map(
        ({ scope, settings, isProtected, hasMcpServer, ownPrefix, isInstalled }) => ({
          scope,
          settings,
          protected: isProtected,
          mcpServer: hasMcpServer,
          chainedPrefix: ownPrefix ?? null,
          installed: isInstalled,
        }),
      ),
    });
    return;
  }
  for (const { scope, settings, isProtected, isInstalled, ownPrefix } of scopes) {
    const chained = isProtected && ownPrefix !== undefined ? `, passes on to ${ownPrefix}` : '';
    const broken = isProtected && !isInstalled ? ', but programs are missing: protect again' : '';
    const standing = isProtected ? `protected${chained}${broken}` : 'not protected';
    await writeLine(`${scope.padEnd(10)} ${standing}  ${settings}`);
  }
}

function placeOf(options: CommonOptions, scope: SettingsScope): Place {
  const home = resolveHome(process.env);
  const folder = scope === 'user' ? '' : folderOf(options, home);
  return { home, scope, files: settingsFilesOf(scope, folder, process.env) };
}

/**
 * Claude Code reads the settings of the folder that it is started in, whichever one above has our tasks.
 * @throws HoldfastError `workspace.none`, `task.cwdMissing`.
 */
function folderOf({ workspace }: CommonOptions, home: string): string {
  const folder = workspace === undefined ? currentDirectory() : absolutePath(workspace);
  return workspaceOf(home, folder).folder;
}

function requirePosix(): void {
  if (process.platform !== 'win32') return;
  throw new HoldfastError('claude.unsupported', 'there is no shell prefix on Windows');
}

/** What is written outside of our own folders needs somebody's word. */
async function isWanted({ files }: Place, options: ProtectOptions): Promise<boolean> {
  if (options.json === true || !process.stdin.isTTY || !process.stderr.isTTY) {
    throw new HoldfastError(
      'input.invalid',
      "to change Claude Code's settings without a terminal to ask in takes --yes",
    );
  }
  const named = [files.settings, files.mcp].filter((file) => file !== undefined);
  process.stderr.write(
    `This writes into ${named.join(' and ')}:
  a shell prefix, through which Claude Code starts commands after its permission checks,
  hooks that tell background commands from others and Claude what became of them,
  and the MCP server \`${MCP_SERVER_NAME}\`, by which Claude reads the output of tasks.
A backup is left beside; \`holdfast claude unprotect\` takes it all back.
`,
  );
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await prompt.question('Go on? [y/N] ')).trim());
  } finally {
    prompt.close();
  }
}

async function changeUserServer(act: 'add' | 'remove', { home }: Place): Promise<void> {
  const byHand = await changeUserMcpServer(act, home, process.env);
  if (byHand === undefined) return;
  tell(`Claude Code's list of MCP servers was not changed; this does it: ${byHand}`);
}

async function report(
  changes: readonly FileChange[],
  options: CommonOptions,
  summary: string,
): Promise<void> {
  if (options.json) {
    await writeJson({
      files: changes.map(({ path, kind, backup }) => ({
        path,
        change: kind,
        backup: backup ?? null,
      })),
    });
    return;
  }
  for (const { path, kind, backup } of changes) {
    const beside = backup === undefined ? '' : `  (before: ${backup})`;
    await writeLine(`${kind.padEnd(9)} ${path}${beside}`);
  }
  await writeLine(summary);
}
