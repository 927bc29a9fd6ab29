import { defaultPolicy, type TaskSnapshot } from '../../../src/core/tasks/types.ts';

/** A task as the store would give it: one that runs since a minute, unless told otherwise. */
export function snapshot(changes: Partial<TaskSnapshot> = {}): TaskSnapshot {
  const number = changes.number ?? 1;
  return {
    id: `bash_${number}`,
    number,
    cookie: 'c',
    directory: '/nowhere',
    title: undefined,
    command: 'npm run dev',
    cwd: '/home',
    session: undefined,
    keeper: 'sh',
    terminal: undefined,
    policy: defaultPolicy,
    status: 'running',
    lossReason: undefined,
    pid: 4711,
    processes: undefined,
    exitCode: undefined,
    signal: undefined,
    stop: undefined,
    createdAtMs: 1_000_000,
    startedAtMs: 1_000_000,
    endedAtMs: undefined,
    outputBytes: 0,
    droppedBytes: 0,
    isLogMissing: false,
    lastOutputAtMs: undefined,
    attempt: 1,
    ...changes,
  };
}

/** One that is over, by itself, after 12 seconds. */
export function ended(changes: Partial<TaskSnapshot> = {}): TaskSnapshot {
  return snapshot({ status: 'completed', exitCode: 0, endedAtMs: 1_012_000, ...changes });
}
