import path from 'node:path';
import { resolveHome } from '../../store/home.ts';
import { claudeDirectoryOf } from './transcripts/claudeDirectory.ts';

/** What of Holdfast Claude Code is told of: the programs of ours that its settings name. */
export interface HoldfastParts {
  readonly home: string;
  /** `claude-prefix`: every command of Claude Code is started through it. */
  readonly prefix: string;
  /** `claude-hook`: answers its hooks. */
  readonly hook: string;
  /** `holdfast`: the command line, which serves MCP. */
  readonly launcher: string;
}

/** They have stable paths in the home, and are there without the extension, too: what they lack, they do without. */
export function holdfastParts(home: string): HoldfastParts {
  const inBin = (name: string): string => path.join(home, 'bin', name);
  return {
    home,
    prefix: inBin('claude-prefix'),
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

/** Hooks by event: which tools they are for, and our argument. */
const HOOKS: readonly { readonly event: string; readonly matcher?: string }[] = [
  { event: 'PreToolUse', matcher: `Bash|${STOP_TOOLS}` },
  { event: 'SessionStart' },
];

export interface HookGroup {
  readonly matcher?: string;
  readonly hooks: readonly { readonly type: 'command'; readonly command: string }[];
}

/** What our entries in the setting `hooks` are. */
export function hookGroups(
  parts: HoldfastParts,
): readonly { readonly event: string; readonly group: HookGroup }[] {
  return HOOKS.map(({ event, matcher }) => ({
    event,
    group: {
      ...(matcher === undefined ? {} : { matcher }),
      hooks: [{ type: 'command', command: hookCommand(parts, event) }],
    },
  }));
}

/** Says nothing and succeeds where our program is gone. */
function hookCommand({ hook }: HoldfastParts, event: string): string {
  const quoted = quoteForShell(hook);
  return `if test -x ${quoted}; then exec ${quoted} ${event}; fi`;
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
