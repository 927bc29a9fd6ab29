import type { ProcessIdentity } from '../processes/identity.ts';

/** What happens to a task when no window or agent wants it any more. */
export type ShutdownPolicy = 'keep' | 'terminate';

/** Which program keeps the task: the POSIX shell script, or Node where that cannot be had. */
export type KeeperKind = 'sh' | 'node';

/** The limits of one task, fixed when it is created. */
export interface TaskPolicy {
  readonly shutdown: ShutdownPolicy;
  /** How much of the end of the output is kept on disk. */
  readonly outputLimitBytes: number;
  /** The task is ended after this time; 0 means never. */
  readonly timeLimitSec: number;
  /** Between SIGTERM and SIGKILL. */
  readonly stopGraceSec: number;
  /** How long a `terminate` task goes on after the last window is gone; a reload must fit in. */
  readonly leaseGraceSec: number;
}

export const defaultPolicy: TaskPolicy = {
  shutdown: 'keep',
  outputLimitBytes: 64 * 1024 * 1024,
  timeLimitSec: 0,
  stopGraceSec: 5,
  leaseGraceSec: 60,
};

/**
 * Where a task stands; derived from its directory and the live processes, never stored.
 * completed: its command ended by itself, whatever the exit code. killed: ended by us on request, or by a signal from
 * outside. lost: it vanished without a record (reboot, or keeper and command gone).
 */
export type TaskStatus = 'running' | 'completed' | 'killed' | 'timed out' | 'lost';

/** Why the end of a `lost` task is not on record. */
export type LossReason = 'reboot' | 'vanished' | 'exit code unknown' | 'never started';

/** Who asked for the end of a task, and why; the content of `stop.json`. */
export interface StopRequest {
  readonly by: string;
  readonly reason: string;
}

/** Who runs the current attempt; the content of `keeper.json`. */
export interface TaskProcesses {
  readonly keeper: ProcessIdentity;
  /** The shell keeper's second half, which waits for the command. */
  readonly runner: ProcessIdentity | undefined;
  readonly command: ProcessIdentity;
}

/** The terminal of an interactive task. */
export interface TaskTerminal {
  readonly socket: string | undefined;
}

/** The agent that a task runs. */
export interface TaskAgent {
  /** `claude-code` */
  readonly name: string;
  /** `background`, `terminal` */
  readonly mode: string;
  /** As the agent itself calls the conversation. */
  readonly session: string;
}

/** One task as every face shows it. Times are milliseconds since 1970. */
export interface TaskSnapshot {
  /** `bash_N` */
  readonly id: string;
  readonly number: number;
  /** The value of `HOLDFAST_TASK` in the environment of all its processes. */
  readonly cookie: string;
  readonly directory: string;
  /** The name the user gave it, if any. */
  readonly title: string | undefined;
  /** As the user wrote it: one shell line, or the words of an argv. */
  readonly command: string;
  readonly cwd: string;
  readonly session: string | undefined;
  readonly keeper: KeeperKind;
  /** There is one if it runs in a terminal that its keeper holds; `socket` as long as one can attach to it. */
  readonly terminal: TaskTerminal | undefined;
  readonly policy: TaskPolicy;
  readonly status: TaskStatus;
  readonly lossReason: LossReason | undefined;
  /** The command's own process; known until its end is on record. */
  readonly pid: number | undefined;
  readonly processes: TaskProcesses | undefined;
  readonly exitCode: number | undefined;
  /** The signal that ended it, told from the exit code as a shell gives it (128 + number). */
  readonly signal: NodeJS.Signals | undefined;
  readonly stop: StopRequest | undefined;
  readonly createdAtMs: number;
  readonly startedAtMs: number | undefined;
  readonly endedAtMs: number | undefined;
  /** Offset of the end of the output; the first byte ever written is 0. */
  readonly outputBytes: number;
  /** What lies before this offset is no longer on disk. */
  readonly droppedBytes: number;
  /** Somebody deleted the log; what the command writes cannot be seen any more. */
  readonly isLogMissing: boolean;
  readonly lastOutputAtMs: number | undefined;
  /** 1 for the first run, counted up by each restart. */
  readonly attempt: number;
  readonly agent?: TaskAgent;
  /** A live agent waits for it and shows its output itself, so no list has it; see foreground.ts. */
  readonly isForeground?: boolean;
}
