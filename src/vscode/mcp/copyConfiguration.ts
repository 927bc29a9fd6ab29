import * as vscode from 'vscode';
import { resolveHome } from '../../core/store/home.ts';
import type { CommandScope } from '../commands/commandScope.ts';
import { refreshLauncher } from '../launcher.ts';
import { cliScript } from '../cliScript.ts';
import { mcpConfigurationText, mcpServerEntry } from './mcpConfiguration.ts';

/**
 * Copies what other MCP clients need to start the server, and sees to it that the launcher it names is there, whether a
 * folder is open or not. Gives the text.
 * @throws HoldfastError `settings.outOfRange`, `home.unsafe`, `home.notWritable`, `disk.full`.
 */
export async function copyMcpConfiguration(scope: CommandScope): Promise<string> {
  const home = resolveHome(process.env, scope.readSettings().home);
  refreshLauncher(home, { nodeExecutable: process.execPath, cliScript: cliScript() });
  const text = mcpConfigurationText(mcpServerEntry(home, process.env));
  await vscode.env.clipboard.writeText(text);
  void vscode.window.showInformationMessage(
    'Copied the MCP configuration. Paste it into the configuration of your client, for example .mcp.json. This editor needs none: it finds the server by itself.',
  );
  return text;
}
