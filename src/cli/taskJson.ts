import { startedPid } from '../core/tasks/startedPid.ts';
import type { TaskSnapshot, TaskStatus } from '../core/tasks/types.ts';

/** One task as `--json` gives it; scripts rely on the names. Times are ISO 8601 in UTC. */
export interface TaskJson {
  readonly id: string;
  readonly title: string | null;
  readonly command: string;
  readonly status: TaskStatus;
  /** Why a `lost` task's end is not known. */
  readonly reason: string | null;
  readonly pid: number | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly outputBytes: number;
  readonly droppedBytes: number;
  readonly session: string | null;
  readonly cwd: string;
  readonly attempt: number;
  readonly directory: string;
}

export function taskJson(task: TaskSnapshot): TaskJson {
  return {
    id: task.id,
    title: task.title ?? null,
    command: task.command,
    status: task.status,
    reason: task.lossReason ?? null,
    pid: task.pid ?? null,
    exitCode: task.exitCode ?? null,
    signal: task.signal ?? null,
    startedAt: isoTime(task.startedAtMs),
    endedAt: isoTime(task.endedAtMs),
    outputBytes: task.outputBytes,
    droppedBytes: task.droppedBytes,
    session: task.session ?? null,
    cwd: task.cwd,
    attempt: task.attempt,
    directory: task.directory,
  };
}

/** What `run` gives, and scripts that only want to know what they have started. */
export function startedJson(task: TaskSnapshot): {
  id: string;
  pid: number | null;
  directory: string;
} {
  return { id: task.id, pid: startedPid(task) ?? null, directory: task.directory };
}

/** The same for people. */
export function startedLine(task: TaskSnapshot): string {
  return `${task.id}  pid ${startedPid(task) ?? 'unknown'}  in ${task.cwd}`;
}

function isoTime(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : new Date(timeMs).toISOString();
}
