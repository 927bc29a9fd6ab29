import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Log } from '../../common/log.ts';
import type { ProcessIdentity } from '../../processes/identity.ts';
import { killTaskProcesses } from '../../processes/killProcessTree.ts';
import { findTaskProcesses } from '../../processes/taskProcesses.ts';
import { isCurrentRun } from '../currentRun.ts';
import { leaseHoldersIn } from '../leases.ts';
import { recordStop } from '../recordStop.ts';
import type { TaskRecord } from '../records.ts';
import type { TaskDirectory } from '../taskDirectory.ts';

const WATCH_INTERVAL_MS = 1000;

/** Enforces the time limit and the shutdown policy; the returned function ends the watch. */
export function watchLimits(
  files: TaskDirectory,
  task: TaskRecord,
  command: ProcessIdentity,
  log: Log,
): () => void {
  const { timeLimitSec, shutdown, leaseGraceSec, stopGraceSec } = task.policy;
  // performance.now() does not jump with the clock on the wall.
  const startedAtMs = performance.now();
  let leasedAtMs = startedAtMs;
  const stop = (reason: string): void => {
    clearInterval(timer);
    recordStop(files, { by: 'keeper', reason }, log);
    const marks = { cookie: task.uuid, logPath: files.output, roots: [command] };
    killTaskProcesses({
      find: () => {
        const found = findTaskProcesses(marks);
        return isCurrentRun(files, command) ? found : [];
      },
      graceMs: stopGraceSec * 1000,
      log,
    }).catch((error: unknown) => {
      log.error('task.notEnded', { error });
    });
  };
  const leases = path.join(files.path, '..', '..', 'leases');
  const timer = setInterval(() => {
    const nowMs = performance.now();
    if (shutdown === 'keep' || hasLease(leases)) leasedAtMs = nowMs;
    if (timeLimitSec > 0 && nowMs - startedAtMs >= timeLimitSec * 1000) stop('time-limit');
    else if (nowMs - leasedAtMs >= leaseGraceSec * 1000) stop('unleased');
  }, WATCH_INTERVAL_MS);
  return () => {
    clearInterval(timer);
  };
}

function hasLease(directory: string): boolean {
  return existsSync(directory) && readdirSync(directory).length > 0
    ? leaseHoldersIn(directory).length > 0
    : false;
}
