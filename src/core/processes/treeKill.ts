import { spawnSync } from 'node:child_process';
import treeKill from 'tree-kill';
import type { Log } from '../common/log.ts';
import { identityKey, isAlive, isDead, type ProcessIdentity } from './identity.ts';
import { currentPlatform } from './platform/platform.ts';
import { findRow, listDescendants, readProcessTable, type ProcessTable } from './processTable.ts';

/** tree-kill starts one `ps` or `pgrep` for every process it walks over; our own table is quicker for big trees. */
const MAX_WALKED = 32;
const TIMEOUT_MS = 5000;

/**
 * Ends process trees with the tree-kill library, by the parent chain as the OS's own tools see it.
 *
 * On Windows this is how a task ends (`taskkill /T /F`). On macOS (`pgrep -P`) and Linux (`ps --ppid`) it is a second
 * pair of eyes next to our own table, asked only when processes resist. It signals bare pids, so on these two the caller
 * must have stopped all of `frozen` (SIGSTOP) before: a stopped process neither ends nor reaps, hence no pid that
 * the walk sees can have gone to a stranger by the time it is signalled.
 *
 * A tree is left alone (the caller's own sweep ends it) if something in it is not in `frozen`: another task's keeper,
 * for example.
 */
export async function killTreesOf(frozen: readonly ProcessIdentity[], log: Log): Promise<void> {
  const tops = listTops(readProcessTable(), frozen);
  if (tops.length === 0 || !canWalk()) return;
  await Promise.all(tops.map((top) => killTree(top, log)));
}

/** Processes whose parent is not among them and that have children, each with a tree wholly among them. */
function listTops(table: ProcessTable, among: readonly ProcessIdentity[]): ProcessIdentity[] {
  const isPosix = currentPlatform().hasSignals;
  const pids = new Set(among.flatMap((one) => (findRow(table, one) ? [one.pid] : [])));
  let walked = 0;
  return among.filter((one) => {
    const row = findRow(table, one);
    if (row === undefined || pids.has(row.ppid)) return false;
    const below = listDescendants(table, one.pid).filter((pid) => !isZombie(table, pid));
    if (!isPosix) return below.every((pid) => pids.has(pid));
    walked += below.length + 1;
    return below.length > 0 && walked <= MAX_WALKED && below.every((pid) => pids.has(pid));
  });
}

function isZombie(table: ProcessTable, pid: number): boolean {
  const row = table.rows.get(pid);
  return row === undefined || isDead(row);
}

/**
 * tree-kill does not listen for the `error` event of the tool it starts: where that is missing (slim containers) or no
 * process can be started (the task used them up), the event would be an uncaught exception here. So try it first.
 */
function canWalk(): boolean {
  if (process.platform === 'win32') return true;
  const tool = process.platform === 'darwin' ? 'pgrep' : 'ps';
  return spawnSync(tool, ['-V'], { stdio: 'ignore' }).error === undefined;
}

function killTree(top: ProcessIdentity, log: Log): Promise<void> {
  if (!isAlive(top)) return Promise.resolve();
  return new Promise((resolve) => {
    // It never calls back if the tool it waits for does not end.
    const timer = setTimeout(resolve, TIMEOUT_MS);
    treeKill(top.pid, 'SIGKILL', (error) => {
      clearTimeout(timer);
      if (error) log.debug('process.treeKillFailed', { process: identityKey(top), error });
      resolve();
    });
  });
}
