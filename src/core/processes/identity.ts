import { currentPlatform, type ProcessGlance } from './platform/platform.ts';

/**
 * Which process, beyond doubt: a pid alone may belong to a stranger by now.
 * `startTime` is whatever the OS gives that never changes for a process (Linux: field 22 of proc(5) `stat`, in clock
 * ticks since boot; macOS: `ps -o lstart` in UTC; Windows: CreationDate), `bootId` tells one boot of the machine from
 * the next.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
  readonly bootId: string;
}

let bootId: string | undefined;

/** This boot of the machine; read once. Empty if the OS does not tell. */
export function currentBootId(): string {
  bootId ??= currentPlatform().bootId();
  return bootId;
}

/** The identity of the live process that has this pid now; undefined for none and for a zombie. */
export function readIdentity(pid: number): ProcessIdentity | undefined {
  const row = currentPlatform().readOne(pid);
  return row === undefined || isDead(row) ? undefined : identityOf(row);
}

/** Whether that very process still runs. False for a zombie, and for another process that got its pid. */
export function isAlive(identity: ProcessIdentity): boolean {
  if (identity.bootId !== currentBootId()) return false;
  return readIdentity(identity.pid)?.startTime === identity.startTime;
}

export function ownIdentity(): ProcessIdentity {
  const own = readIdentity(process.pid);
  if (own === undefined) throw new Error(`the OS does not list our own process ${process.pid}`);
  return own;
}

export function isSameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.startTime === b.startTime && a.bootId === b.bootId;
}

/** One string per process, for maps and sets. */
export function identityKey(identity: ProcessIdentity): string {
  return `${identity.pid}/${identity.startTime}/${identity.bootId}`;
}

export function identityOf(row: ProcessGlance): ProcessIdentity {
  return { pid: row.pid, startTime: row.startTime, bootId: currentBootId() };
}

/** A zombie still answers `kill(pid, 0)`, but runs nothing and holds nothing open. */
export function isDead(row: ProcessGlance): boolean {
  return row.state === 'Z' || row.state === 'X';
}
