import { existsSync } from 'node:fs';
import path from 'node:path';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { systemClock } from '../core/common/clock.ts';
import { ensureHome, resolveHome } from '../core/store/home.ts';
import { HoldfastServer } from './server.ts';
import { createStderrLog } from './stderrLog.ts';
import { requireWorkspaceOption } from './workspaceOfClient.ts';

export interface McpOptions {
  /** The folder whose tasks are meant; else the client's roots decide, else the current directory. */
  readonly workspace?: string;
  /** The process of the editor's window whose current session the calls belong to. */
  readonly window?: number;
  readonly version: string;
}

/**
 * Serves one MCP client over stdin and stdout until it goes. Commands that it still waits for then go on as tasks.
 * @throws HoldfastError `home.unsafe`, `workspace.none`, `settings.outOfRange`.
 */
export async function serveMcp({ workspace, window, version }: McpOptions): Promise<void> {
  const home = resolveHome(process.env);
  // A client that only looks creates nothing.
  if (existsSync(home)) ensureHome(home);
  const cwd = process.cwd();
  const log = createStderrLog(process.env);
  const server = new HoldfastServer({
    version,
    home,
    workspace:
      workspace === undefined ? undefined : requireWorkspaceOption(path.resolve(cwd, workspace)),
    cwd,
    windowPid: window,
    host: {
      scriptsDirectory: findScriptsDirectory(),
      nodeExecutable: process.execPath,
      face: 'mcp',
      environment: process.env,
      clock: systemClock,
      log,
    },
  });
  const { mcp } = server;
  mcp.server.onerror = (error) => {
    log.warn('protocol.failed', { error });
  };
  // Not by closing the connection first: that would count as giving up every call under way.
  const leave = (): void => {
    server.dispose();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, leave);
  process.stdin.once('end', leave);
  process.stdin.once('close', leave);
  process.stdout.on('error', leave);
  await mcp.connect(new StdioServerTransport());
}

/** The scripts lie beside the bundle; in a source tree they have a folder of their own. */
function findScriptsDirectory(): string {
  const own = import.meta.dirname;
  return existsSync(path.join(own, 'keeper.sh')) ? own : path.resolve(own, '../keeper');
}
