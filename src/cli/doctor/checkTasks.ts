import { existsSync, readdirSync } from 'node:fs';
import { listWorkspaces } from '../../core/store/workspace.ts';
import { isAlive } from '../../core/processes/identity.ts';
import { findOrphans } from '../../core/processes/orphans.ts';
import { ensureWatcher } from '../../core/tasks/keepers/watcher.ts';
import { isWatcherAlive } from '../../core/tasks/keepers/watcherRecord.ts';
import { listTaskNames, listTasks, type TaskList } from '../../core/tasks/listTasks.ts';
import { finishRemovals } from '../../core/tasks/pruneTasks.ts';
import { runningMarker, taskDirectoryOf } from '../../core/tasks/taskDirectory.ts';
import type { TaskHost } from '../../core/tasks/taskHost.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import { fail, ok, warn, type Check } from './check.ts';

export async function checkTasks(host: TaskHost): Promise<Check[]> {
  const list = listTasks(host.workspace, host.clock.now());
  return [
    checkReadable(list),
    await checkWatcher(host, list.tasks),
    ...checkRunning(host, list.tasks),
    checkRemovals(host),
    checkOrphans(host),
  ];
}

function checkReadable({ tasks, unreadable }: TaskList): Check {
  const running = tasks.filter(({ status }) => status === 'running').length;
  return unreadable.length === 0
    ? ok('tasks', `${tasks.length} here, ${running} running`)
    : fail(
        'tasks',
        `cannot read the task in ${unreadable.join(', ')}`,
        'Look at the task.json in it; to give the task up, move the directory somewhere else.',
      );
}

/** The watcher is restarted, as by every other command; here it is said. */
async function checkWatcher(host: TaskHost, tasks: readonly TaskSnapshot[]): Promise<Check> {
  if (!tasks.some(isWatched)) return ok('watcher', 'not needed: no task runs');
  if (isWatcherAlive(host.workspace)) return ok('watcher', 'alive');
  await ensureWatcher(host);
  return warn('watcher', 'was gone while tasks run; another one has been started');
}

function checkRunning(host: TaskHost, tasks: readonly TaskSnapshot[]): Check[] {
  const running = tasks.filter(isWatched);
  const unwatched = running.filter(({ id }) => !existsSync(runningMarker(host.workspace, id)));
  const unkept = running.filter(({ processes }) =>
    [processes?.keeper, processes?.runner].every((part) => part === undefined || !isAlive(part)),
  );
  const checks: Check[] = [];
  if (unwatched.length > 0) {
    checks.push(
      warn(
        'limits',
        `nobody holds the output and the time of ${idsOf(unwatched)} to their limits`,
        `When it suits you: holdfast restart ${unwatched[0]?.id ?? ''}`,
      ),
    );
  }
  if (unkept.length > 0) {
    checks.push(
      warn('keepers', `the keeper of ${idsOf(unkept)} was killed: the exit code will be unknown`),
    );
  }
  return checks;
}

function checkRemovals(host: TaskHost): Check {
  const interrupted = listTaskNames(host.workspace).filter((name) => {
    const { path, removed } = taskDirectoryOf(host.workspace, name);
    return existsSync(removed) && readdirSync(path).length > 1;
  });
  if (interrupted.length === 0) return ok('removals', 'none was interrupted');
  finishRemovals(host.workspace);
  return warn('removals', `finished those of ${interrupted.join(', ')}, which were interrupted`);
}

/** Tasks of every workspace of the home are live; those of another home look like orphans from here. */
function checkOrphans(host: TaskHost): Check {
  const nowMs = host.clock.now();
  const live = listWorkspaces(host.workspace.home)
    .flatMap((workspace) => listTasks(workspace, nowMs, { withForeground: true }).tasks)
    .filter(({ status }) => status === 'running');
  const orphans = findOrphans({ liveCookies: new Set(live.map(({ cookie }) => cookie)) }).filter(
    ({ kind }) => kind === 'task',
  );
  if (orphans.length === 0) return ok('orphans', 'no process of a task that is over');
  const pids = orphans.map(({ identity }) => identity.pid);
  return warn(
    'orphans',
    `${orphans.length} processes of tasks that are over or kept in another home: ${pids.join(', ')}`,
    'Look at them with "Holdfast: Find Orphaned Processes" in the editor, or with ps.',
  );
}

function isWatched(task: TaskSnapshot): boolean {
  return task.status === 'running' && task.keeper === 'sh';
}

function idsOf(tasks: readonly TaskSnapshot[]): string {
  return tasks.map(({ id }) => id).join(', ');
}
