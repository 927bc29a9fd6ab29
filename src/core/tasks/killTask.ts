import { existsSync, rmSync } from 'node:fs';
import { HoldfastError } from '../common/errors.ts';
import { isAlive, type ProcessIdentity } from '../processes/identity.ts';
import { killTaskProcesses } from '../processes/killProcessTree.ts';
import { findTaskProcesses } from '../processes/taskProcesses.ts';
import { isCurrentRun } from './currentRun.ts';
import { readTask } from './readTask.ts';
import { recordStop } from './recordStop.ts';
import { requireTask } from './startTask.ts';
import { taskDirectoryAt } from './taskDirectory.ts';
import type { TaskHost } from './taskHost.ts';
import type { TaskSnapshot } from './types.ts';
import { isEndUnrecorded } from './unrecordedEnd.ts';

/** How long a keeper may take to record the end after its command is gone. */
const RECORD_DEADLINE_MS = 2000;

export interface KillOptions {
  /** Between SIGTERM and SIGKILL; the task's own setting unless given. */
  readonly graceMs?: number;
  readonly reason?: string;
}

/**
 * Ends a task and everything it started, also what left its process tree, and returns when its end is on record.
 * A task that is over keeps its result; stray processes of it are ended all the same.
 * @throws HoldfastError `process.survived` when something could not be ended; `disk.full` when everything has, and
 *   there is no room to record it.
 */
export async function killTask(
  host: TaskHost,
  task: TaskSnapshot,
  options: KillOptions = {},
): Promise<TaskSnapshot> {
  const files = taskDirectoryAt(task.directory);
  // A keeper that has not said yet which processes keep the task would be ended with it, and its record lost.
  const known = await untilStarted(task, host);
  const isRecorded =
    known.status === 'running' &&
    !existsSync(files.exit) &&
    recordStop(files, { by: host.face, reason: options.reason ?? 'user' }, host.log);
  const outcome = await killTaskProcesses({
    find: () => {
      const found = processesOf(known);
      const command = known.processes?.command;
      return command === undefined || isCurrentRun(files, command) ? found : [];
    },
    graceMs: options.graceMs ?? task.policy.stopGraceSec * 1000,
    log: host.log,
  });
  host.log.info('task.killed', {
    id: task.id,
    terminated: outcome.terminated.length,
    forced: outcome.forced.length,
  });
  if (outcome.survivors.length > 0) {
    // It goes on, and what it comes to is its own doing.
    const command = known.processes?.command.pid;
    const isSpared = outcome.survivors.some(({ pid }) => pid === command);
    if (isRecorded && isSpared) rmSync(files.stop, { force: true });
    const pids = outcome.survivors.map(({ pid }) => pid);
    throw new HoldfastError(
      'process.survived',
      `${task.id}: could not end process ${pids.join(', ')}`,
      { data: { id: task.id, pids } },
    );
  }
  await untilRecorded(known, host);
  const ended = requireTask(files, host.clock.now());
  if (isEndUnrecorded(ended)) {
    const act = `recording that ${task.id} has ended`;
    throw new HoldfastError('disk.full', `${act}: no room`, { data: { act } });
  }
  return ended;
}

/** Every live process of a task, except those that keep it. */
export function processesOf(task: TaskSnapshot): ProcessIdentity[] {
  return findTaskProcesses({
    cookie: task.cookie,
    logPath: taskDirectoryAt(task.directory).output,
    roots: task.processes === undefined ? [] : [task.processes.command],
    exclude: keepersOf(task),
  });
}

function keepersOf(task: TaskSnapshot): ProcessIdentity[] {
  const { keeper, runner } = task.processes ?? {};
  return [keeper, runner].filter((identity) => identity !== undefined);
}

async function untilStarted(task: TaskSnapshot, host: TaskHost): Promise<TaskSnapshot> {
  let now = task;
  while (now.status === 'running' && now.processes === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    now = requireTask(taskDirectoryAt(task.directory), host.clock.now());
  }
  return now;
}

async function untilRecorded(task: TaskSnapshot, host: TaskHost): Promise<void> {
  const deadline = performance.now() + RECORD_DEADLINE_MS;
  while (performance.now() < deadline) {
    const now = readTask(task.directory, host.clock.now());
    if (now?.status !== 'running' || !keepersOf(task).some(isAlive)) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
