import { defaultPolicy, type TaskSnapshot } from '../../../src/core/tasks/types.ts';

/** A task that has finished well, but for what is given. */
export function snapshot(changes: Partial<TaskSnapshot> & { number: number }): TaskSnapshot {
  return {
    id: `bash_${changes.number}`,
    cookie: `cookie-${changes.number}`,
    directory: `/home/tasks/bash_${changes.number}`,
    title: undefined,
    command: 'npm test',
    cwd: '/project',
    session: undefined,
    keeper: 'sh',
    terminal: undefined,
    policy: defaultPolicy,
    status: 'completed',
    lossReason: undefined,
    pid: undefined,
    processes: undefined,
    exitCode: 0,
    signal: undefined,
    stop: undefined,
    createdAtMs: 0,
    startedAtMs: 0,
    endedAtMs: 60_000,
    outputBytes: 0,
    droppedBytes: 0,
    isLogMissing: false,
    lastOutputAtMs: undefined,
    attempt: 1,
    ...changes,
  };
}
