import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { Workspace } from '../store/workspace.ts';

/** Where POSIX systems have their sh(1). */
export const DEFAULT_SHELL = '/bin/sh';

/** What starting and ending tasks needs from the program that does it: the window, the command line, the MCP server. */
export interface TaskHost {
  readonly workspace: Workspace;
  /** Where keeper.sh, watch.sh, stop.sh and keeper.cjs lie. */
  readonly scriptsDirectory: string;
  /** The Node that runs keeper.cjs; in desktop VS Code an Electron, told by `ELECTRON_RUN_AS_NODE` to be Node. */
  readonly nodeExecutable: string;
  /** The POSIX shell that runs keeper.sh and watch.sh; `/bin/sh` unless given. */
  readonly keeperShell?: string;
  /** Recorded as who started or stopped a task: `vscode`, `cli`, `mcp`, … */
  readonly face: string;
  /** The environment that commands inherit, and that secrets of a restarted task are taken from. */
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly log: Log;
}
