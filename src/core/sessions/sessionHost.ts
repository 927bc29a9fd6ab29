import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { Workspace } from '../store/workspace.ts';

/** What working with sessions needs from the program that does it; every `TaskHost` is one. */
export interface SessionHost {
  readonly workspace: Workspace;
  /** Recorded as who did it: `vscode`, `cli`, `mcp`, … */
  readonly face: string;
  readonly clock: Clock;
  readonly log: Log;
}
