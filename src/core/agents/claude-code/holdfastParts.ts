import { existsSync } from 'node:fs';
import path from 'node:path';
import { resolveHome } from '../../store/home.ts';
import { claudeDirectoryOf } from './transcripts/claudeDirectory.ts';

/** What of Holdfast Claude Code is told of: the programs of ours that its settings name. */
export interface HoldfastParts {
  readonly home: string;
  /** Every command of Claude Code is started through it. */
  readonly prefix: string;
  /** Where it may lie, the first choice first. */
  readonly prefixPlaces: readonly [string, string];
  /** `claude-hook`: answers its hooks. */
  readonly hook: string;
  /** `holdfast`: the command line, which serves MCP. */
  readonly launcher: string;
}

/**
 * They have stable paths, and are there without the extension, too: what they lack, they do without. Claude Code can
 * start nothing at all when the prefix is gone, so that one lies beside the home, and goes on to pass commands on when the
 * home is deleted; inside only where nothing can be put beside. It has to be a file: MCP servers are started with all of
 * the variable as the path of a program, so a line for a shell, which could look by itself, would end them all.
 */
export function holdfastParts(home: string): HoldfastParts {
  const inBin = (name: string): string => path.join(home, 'bin', name);
  const prefixPlaces = [`${path.resolve(home)}-claude-prefix`, inBin('claude-prefix')] as const;
  return {
    home,
    prefix: prefixPlaces.find((place) => existsSync(place)) ?? prefixPlaces[0],
    prefixPlaces,
    hook: inBin('claude-hook'),
    launcher: inBin('holdfast'),
  };
}

/** Settings variable: Claude Code starts commands, hooks, status line and MCP servers through this program. */
export const PREFIX_VARIABLE = 'CLAUDE_CODE_SHELL_PREFIX';
/** The prefix that the user had before; ours hands everything on to it. */
export const CHAINED_PREFIX_VARIABLE = 'HOLDFAST_CLAUDE_PREFIX';

/** As Claude Code calls our MCP server in the names of its tools: `mcp__holdfast__bash_output`. */
export const MCP_SERVER_NAME = 'holdfast';

/** The tools of Claude Code that stop a background command; it was called otherwise in earlier versions. */
const STOP_TOOLS = 'TaskStop|KillShell|KillBash';

interface OwnHook {
  readonly event: string;
  readonly matcher?: string;
  /** Arguments of our program; without blocking Claude Code for those that may wake it. */
  readonly answers: readonly { readonly name: string; readonly isRewaking?: true }[];
}

const HOOKS: readonly OwnHook[] = [
  { event: 'PreToolUse', matcher: `Bash|${STOP_TOOLS}`, answers: [{ name: 'PreToolUse' }] },
  {
    event: 'SessionStart',
    answers: [{ name: 'SessionStart' }, { name: 'AfterStart', isRewaking: true }],
  },
  { event: 'Stop', answers: [{ name: 'Stop', isRewaking: true }] },
  { event: 'PreCompact', answers: [{ name: 'PreCompact' }] },
  { event: 'SessionEnd', answers: [{ name: 'SessionEnd' }] },
];

/** How long one may wait for the end of a task. */
const REWAKE_TIMEOUT_SEC = 7 * 24 * 60 * 60;

/** Without these a background command is not kept; what other hooks of ours do can be missed. */
export const NEEDED_EVENTS = ['PreToolUse', 'SessionStart'] as const;

interface HookEntry {
  readonly type: 'command';
  readonly command: string;
  readonly asyncRewake?: true;
  readonly timeout?: number;
}

export interface HookGroup {
  readonly matcher?: string;
  readonly hooks: readonly HookEntry[];
}

/** What our entries in the setting `hooks` are. */
export function hookGroups(
  parts: HoldfastParts,
): readonly { readonly event: string; readonly group: HookGroup }[] {
  return HOOKS.map(({ event, matcher, answers }) => ({
    event,
    group: {
      ...(matcher === undefined ? {} : { matcher }),
      hooks: answers.map(({ name, isRewaking }) => ({
        type: 'command',
        command: hookCommand(parts, name),
        ...(isRewaking && { asyncRewake: true, timeout: REWAKE_TIMEOUT_SEC }),
      })),
    },
  }));
}

/** Says nothing and succeeds where our program is gone. */
function hookCommand({ hook }: HoldfastParts, name: string): string {
  const quoted = quoteForShell(hook);
  return `if test -x ${quoted}; then exec ${quoted} ${name}; fi`;
}

/** Whether a hook's command is one of ours, of whatever version of Holdfast. */
export function isOwnHook(command: unknown, { hook }: HoldfastParts): boolean {
  return typeof command === 'string' && command.includes(quoteForShell(hook));
}

/** How Claude Code starts our MCP server. */
export interface McpServerEntry {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The entry of our MCP server in `.mcp.json`. A home that is chosen by a setting of the editor must be told. */
export function mcpServerEntry({ home, launcher }: HoldfastParts): McpServerEntry {
  const isDefault = home === resolveHome({});
  return {
    command: launcher,
    args: ['mcp'],
    ...(isDefault ? {} : { env: { HOLDFAST_HOME: home } }),
  };
}

export type SettingsScope = 'workspace' | 'user';

/** The files of Claude Code that a protection changes. */
export interface SettingsFiles {
  readonly settings: string;
  /** Where MCP servers are entered; Claude Code has no file for the user's that is its own. */
  readonly mcp: string | undefined;
}

export function settingsFilesOf(
  scope: SettingsScope,
  folder: string,
  environment: NodeJS.ProcessEnv,
): SettingsFiles {
  if (scope === 'user') {
    return { settings: path.join(claudeDirectoryOf(environment), 'settings.json'), mcp: undefined };
  }
  return {
    settings: path.join(folder, '.claude', 'settings.local.json'),
    mcp: path.join(folder, '.mcp.json'),
  };
}

export function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
