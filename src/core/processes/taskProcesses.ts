import { currentBootId, identityOf, isDead, type ProcessIdentity } from './identity.ts';
import { currentPlatform } from './platform/platform.ts';
import { findRow, listAncestry, listDescendants, readProcessTable } from './processTable.ts';
import type { ProcessRow, ProcessTable } from './processTable.ts';

/** What marks a task's processes. */
export interface TaskMarks {
  /** The value of `HOLDFAST_TASK` that the task's command was started with. */
  readonly cookie: string;
  /** The task's `output.log`. */
  readonly logPath: string;
  /** The task's command, and its keeper if you like: live ones are walked down. */
  readonly roots: readonly ProcessIdentity[];
  /** Never returned though marked (the keeper); what descends from them still is. */
  readonly exclude?: readonly ProcessIdentity[];
}

/**
 * Every live process of a task, parents before children, by the union of three signs: it descends from a live root, its
 * environment holds exactly `HOLDFAST_TASK=<cookie>`, or it has the task's log open for writing (a reader such as
 * `tail -f` has not). What descends from any of these belongs to the task too, except a process that carries another
 * task's cookie and all below it: a task started from inside a task is its own.
 *
 * Never returns this process, its ancestors, pid 1, or zombies: a task cannot be ended completely from inside itself.
 * Known miss: a process that left the parent chain, has a cleaned environment (`env -i`, or overwrote it as
 * setproctitle does) and closed the log, all three. Another user's processes can only be found by the parent chain.
 */
export function findTaskProcesses(marks: TaskMarks): ProcessIdentity[] {
  const platform = currentPlatform();
  const table = readProcessTable();
  const spared = listSpared(table, marks.exclude ?? []);
  const readable = listReadable(table);
  const cookies = platform.readCookies(readable);

  const isForeign = (pid: number): boolean => {
    const own = cookies.get(pid);
    return own !== undefined && !own.includes(marks.cookie);
  };
  const found = new Set<number>();
  const addTree = (pid: number): void => {
    found.add(pid);
    const enter = (child: number): boolean => !found.has(child) && !isForeign(child);
    for (const below of listDescendants(table, pid, enter)) found.add(below);
  };

  for (const root of marks.roots) {
    if (root.bootId === currentBootId() && findRow(table, root) !== undefined) addTree(root.pid);
  }
  for (const pid of readable) {
    if (!found.has(pid) && cookies.get(pid)?.includes(marks.cookie) === true) addTree(pid);
  }
  const unmarked = readable.filter((pid) => !found.has(pid) && !spared.has(pid));
  for (const pid of platform.findWriters(marks.logPath, unmarked)) addTree(pid);

  return [...found].flatMap((pid) => {
    const row = table.rows.get(pid);
    return row === undefined || isDead(row) || spared.has(pid) ? [] : [identityOf(row)];
  });
}

function listSpared(table: ProcessTable, exclude: readonly ProcessIdentity[]): Set<number> {
  const spared = listAncestry(table, process.pid).add(1);
  for (const identity of exclude) {
    if (findRow(table, identity) !== undefined) spared.add(identity.pid);
  }
  return spared;
}

/** The OS shows environment and descriptors only to the same user and to root; asking in vain costs time. */
function isReadable(row: ProcessRow): boolean {
  const uid = process.getuid?.();
  return !isDead(row) && (uid === undefined || uid === 0 || row.uid === uid);
}

function listReadable(table: ProcessTable): number[] {
  return [...table.rows.values()].flatMap((row) => (isReadable(row) ? [row.pid] : []));
}
