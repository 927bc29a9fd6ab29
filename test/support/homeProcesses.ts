import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../src/core/common/clock.ts';
import { isAlive, readIdentity, type ProcessIdentity } from '../../src/core/processes/identity.ts';
import { sendSignal } from '../../src/core/processes/signals.ts';
import { findTaskProcesses } from '../../src/core/processes/taskProcesses.ts';
import { listWorkspaces } from '../../src/core/store/workspace.ts';
import { listTasks } from '../../src/core/tasks/listTasks.ts';
import { taskDirectoryAt } from '../../src/core/tasks/taskDirectory.ts';
import { waitFor } from './waitFor.ts';

/** Everything that a test starts inherits this variable with the path of its home. */
export const HOME_MARK = 'HOLDFAST_TEST_HOME';

/** Ends every task, keeper and watcher of a home, and proves that none is left. */
export async function endHomeProcesses(home: string): Promise<void> {
  await waitFor(
    () => {
      const left = listHomeProcesses(home);
      for (const identity of left) sendSignal(identity, 'SIGKILL');
      return left.length === 0;
    },
    { describe: () => `no process of ${home}: ${JSON.stringify(listHomeProcesses(home))}` },
  );
}

/**
 * The live processes that belong to a home: by the mark in their environment or, without that, by a file of the home
 * that they hold open.
 */
export function listHomeProcesses(home: string): ProcessIdentity[] {
  if (process.platform !== 'linux') return listTaskProcesses(home);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => hasMark(pid, home) || holdsFile(pid, home))
    .flatMap((pid) => readIdentity(Number(pid)) ?? []);
}

function hasMark(pid: string, home: string): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
    return environment.includes(`${HOME_MARK}=${home}`);
  } catch {
    return false;
  }
}

function holdsFile(pid: string, home: string): boolean {
  const directory = `/proc/${pid}/fd`;
  try {
    return readdirSync(directory).some((name) =>
      readlinkSync(path.join(directory, name)).startsWith(`${home}/`),
    );
  } catch {
    return false;
  }
}

/** Where processes don't show what they hold: what the records of the home name. */
function listTaskProcesses(home: string): ProcessIdentity[] {
  return listWorkspaces(home)
    .flatMap((workspace) => listTasks(workspace, systemClock.now()).tasks)
    .flatMap(({ cookie, directory, processes }) => {
      const { keeper, runner, command } = processes ?? {};
      const roots = [keeper, runner, command].filter((root) => root !== undefined);
      return findTaskProcesses({ cookie, logPath: taskDirectoryAt(directory).output, roots });
    })
    .filter(isAlive);
}
