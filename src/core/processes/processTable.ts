import { isDead, type ProcessIdentity } from './identity.ts';
import { currentPlatform, type ProcessRow } from './platform/platform.ts';

export type { ProcessRow };

/** All processes at one moment (not an atomic one: the OS lists them one after the other). */
export interface ProcessTable {
  readonly rows: ReadonlyMap<number, ProcessRow>;
  /** Pids of the children by parent pid; a parent without children has no entry. */
  readonly children: ReadonlyMap<number, readonly number[]>;
}

/** Reads the table synchronously: about 20 µs a process on Linux, 50 ms in all on macOS, a second on Windows. */
export function readProcessTable(): ProcessTable {
  const platform = currentPlatform();
  return buildProcessTable(platform.readRows(), platform.parentMayBeReused);
}

/** The parent chain of a list of rows. With `checkAges` a child older than its parent is nobody's child. */
export function buildProcessTable(list: readonly ProcessRow[], checkAges: boolean): ProcessTable {
  const rows = new Map(list.map((row) => [row.pid, row]));
  const children = new Map<number, number[]>();
  for (const row of list) {
    const parent = rows.get(row.ppid);
    if (parent === undefined || (checkAges && row.ageMs > parent.ageMs)) continue;
    const siblings = children.get(row.ppid);
    if (siblings === undefined) children.set(row.ppid, [row.pid]);
    else siblings.push(row.pid);
  }
  return { rows, children };
}

/** The row of that very process, if it is in the table and no zombie. */
export function findRow(table: ProcessTable, identity: ProcessIdentity): ProcessRow | undefined {
  const row = table.rows.get(identity.pid);
  return row !== undefined && row.startTime === identity.startTime && !isDead(row)
    ? row
    : undefined;
}

/**
 * Pids below `pid`, parents before children, zombies included. `enter` may keep the walk out of a child and of all
 * below it.
 */
export function listDescendants(
  table: ProcessTable,
  pid: number,
  enter: (pid: number) => boolean = () => true,
): number[] {
  const seen = new Set([pid]);
  // A Set hands out what is added while it is walked.
  for (const parent of seen) {
    for (const child of table.children.get(parent) ?? []) if (enter(child)) seen.add(child);
  }
  seen.delete(pid);
  return [...seen];
}

/** The process, its parent, its parent's parent, … up to the first. */
export function listAncestry(table: ProcessTable, pid: number): Set<number> {
  const chain = new Set<number>();
  for (let at = pid; at > 0 && !chain.has(at); at = table.rows.get(at)?.ppid ?? 0) chain.add(at);
  return chain;
}
