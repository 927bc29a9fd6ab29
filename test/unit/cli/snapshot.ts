import type { TaskSnapshot } from '../../../src/core/tasks/types.ts';
import { ended } from '../tasks/snapshot.ts';

/** A task that has finished well, but for what is given. */
export function snapshot(changes: Partial<TaskSnapshot> & { number: number }): TaskSnapshot {
  return ended({
    cookie: `cookie-${changes.number}`,
    directory: `/home/tasks/bash_${changes.number}`,
    command: 'npm test',
    cwd: '/project',
    pid: undefined,
    createdAtMs: 0,
    startedAtMs: 0,
    endedAtMs: 60_000,
    ...changes,
  });
}
