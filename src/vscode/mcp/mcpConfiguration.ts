import path from 'node:path';
import { resolveHome } from '../../core/store/home.ts';
import { launcherDirectory } from '../launcher.ts';

/** How a client starts the MCP server; what `mcpServers` of its configuration holds. */
export interface McpServerEntry {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * By the launcher, whose path stays the same when the extension is updated. A home that only a setting of the editor
 * names must be told: other programs do not read that.
 */
export function mcpServerEntry(
  home: string,
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): McpServerEntry {
  const name = platform === 'win32' ? 'holdfast.cmd' : 'holdfast';
  const withoutSetting = { ...environment, HOLDFAST_HOME: undefined };
  const isDefault = home === resolveHome(withoutSetting);
  return {
    command: path.join(launcherDirectory(home), name),
    args: ['mcp'],
    ...(isDefault ? {} : { env: { HOLDFAST_HOME: home } }),
  };
}

/** The form that most clients read (Claude Code's `.mcp.json`, Claude Desktop, Cursor, Windsurf, …). */
export function mcpConfigurationText(entry: McpServerEntry): string {
  return `${JSON.stringify({ mcpServers: { holdfast: entry } }, undefined, 2)}\n`;
}
