import { readFileSync } from 'node:fs';
import path from 'node:path';
import { HoldfastError, systemErrorCode, unreadable } from '../../common/errors.ts';
import {
  holdfastParts,
  MCP_SERVER_NAME,
  mcpServerEntry,
  PREFIX_VARIABLE,
  settingsFilesOf,
} from './holdfastParts.ts';
import { addToSettings, readSettings } from './settingsText.ts';

export interface OneRun {
  readonly home: string;
  /** Where Claude Code runs. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** What the user wants to give it. */
  readonly args: readonly string[];
}

/**
 * The arguments by which Claude Code is protected for one run, without a change to any file: settings and the MCP
 * server in front of the user's own. Where its settings protect it already they stay as they are.
 * @throws HoldfastError `claude.settingsInvalid`, `file.unreadable`.
 */
export function argumentsForOneRun(run: OneRun): string[] {
  const { home, folder, environment, args } = run;
  const parts = holdfastParts(home);
  const files = [
    settingsFilesOf('workspace', folder, environment).settings,
    path.join(folder, '.claude', 'settings.json'),
    settingsFilesOf('user', folder, environment).settings,
  ];
  const states = files.map((file) => readSettings(readText(file) ?? '', file, parts));
  if (states.some(({ hasPrefix, hasHooks }) => hasPrefix && hasHooks)) return [...args];
  const own = states.find(({ ownPrefix }) => ownPrefix !== undefined)?.ownPrefix;
  const { given, rest } = takeSettings(args);
  const text = withPrefix(
    settingsOf(given, folder),
    own ?? environment[PREFIX_VARIABLE],
    parts.prefix,
  );
  const settings = addToSettings(text, given ?? '--settings', parts, { enableMcp: false });
  const mcp = { mcpServers: { [MCP_SERVER_NAME]: mcpServerEntry(parts) } };
  // The first takes every word up to the next option.
  return [
    '--mcp-config',
    JSON.stringify(mcp),
    '--settings',
    JSON.stringify(JSON.parse(settings)),
    ...rest,
  ];
}

/** Claude Code takes this option once only. */
function takeSettings(args: readonly string[]): { given: string | undefined; rest: string[] } {
  const end = args.indexOf('--');
  const at = args.findIndex((word, index) => {
    return (end === -1 || index < end) && /^--settings(=|$)/.test(word);
  });
  if (at === -1) return { given: undefined, rest: [...args] };
  const [, inline] = /^--settings=(.*)$/s.exec(args[at] ?? '') ?? [];
  const rest = args.filter((_, index) => {
    return index !== at && (inline !== undefined || index !== at + 1);
  });
  return { given: inline ?? args[at + 1], rest };
}

function settingsOf(given: string | undefined, folder: string): string {
  if (given === undefined) return '{}';
  if (given.trim().startsWith('{')) return given;
  const text = readText(path.resolve(folder, given));
  if (text !== undefined) return text;
  throw new HoldfastError('claude.settingsInvalid', `there is no file ${given}`, {
    data: { path: given },
  });
}

/** What settings files or the environment have as a prefix would be hidden by ours. */
function withPrefix(text: string, own: string | undefined, ours: string): string {
  if (own === undefined || own === '' || own === ours) return text;
  const settings = JSON.parse(text) as { env?: Record<string, string> };
  const env = { [PREFIX_VARIABLE]: own, ...settings.env };
  return JSON.stringify({ ...settings, env });
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unreadable(file, error);
  }
}
