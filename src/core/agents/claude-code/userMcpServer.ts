import { runQuietly } from '../../processes/runProgram.ts';
import { holdfastParts, MCP_SERVER_NAME, mcpServerEntry, quoteForShell } from './holdfastParts.ts';

/**
 * Adds our MCP server to the user's own, or takes it away. Where Claude Code keeps those lies much else that is none of
 * our business, so it is asked to do it. Gives the command line that does it by hand where that did not work.
 */
export async function changeUserMcpServer(
  act: 'add' | 'remove',
  home: string,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const entry = JSON.stringify({ type: 'stdio', ...mcpServerEntry(holdfastParts(home)) });
  const args =
    act === 'add'
      ? ['mcp', 'add-json', '--scope', 'user', MCP_SERVER_NAME, entry]
      : ['mcp', 'remove', '--scope', 'user', MCP_SERVER_NAME];
  const result = await runQuietly('claude', args, environment);
  const output = result?.output ?? '';
  const isDone = act === 'add' ? /already exists/i.test(output) : /no .*mcp server/i.test(output);
  if (result?.exitCode === 0 || isDone) return undefined;
  return ['claude', ...args]
    .map((word) => (/[{ ]/.test(word) ? quoteForShell(word) : word))
    .join(' ');
}
