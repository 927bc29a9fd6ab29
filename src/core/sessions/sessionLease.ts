import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { PRIVATE_FILE_MODE, storeError } from '../common/atomicFile.ts';
import type { Disposable } from '../common/disposables.ts';
import { HoldfastError, systemErrorCode } from '../common/errors.ts';
import { readSmallFileSync } from '../common/jsonFile.ts';
import {
  isAlive,
  isSameProcess,
  ownIdentity,
  type ProcessIdentity,
} from '../processes/identity.ts';
import { temporaryName } from './replaceJournal.ts';
import {
  ensureSessionsDirectory,
  namesIn,
  sessionFilesOf,
  sessionsDirectory,
  type SessionFiles,
} from './sessionFiles.ts';
import type { Workspace } from '../store/workspace.ts';
import type { SessionHost } from './sessionHost.ts';
import { isSessionId } from './sessionId.ts';

const LEASE_ENDING = '.lease';

/** The live process that has a session open. */
export interface LeaseHolder {
  readonly identity: ProcessIdentity;
  readonly face: string;
}

const holderSchema = v.looseObject({
  identity: v.object({ pid: v.number(), startTime: v.string(), bootId: v.string() }),
  face: v.string(),
});

export type LeaseOutcome =
  | { readonly kind: 'taken'; readonly lease: Disposable }
  | { readonly kind: 'held'; readonly holder: LeaseHolder };

/**
 * Takes a session for this process. It needs no renewal: the lease is good while the process it names lives, however
 * that ends. Taking it twice in one process is the same lease.
 * @throws HoldfastError `disk.full`, `home.notWritable`.
 */
export function takeSessionLease(host: SessionHost, id: string): LeaseOutcome {
  ensureSessionsDirectory(host.workspace, host.clock.now());
  const files = sessionFilesOf(host.workspace, id);
  const own = { identity: ownIdentity(), face: host.face };
  for (;;) {
    if (createLease(files, own)) return { kind: 'taken', lease: disposableOf(files, own) };
    const text = readSmallFileSync(files.lease);
    const holder = parseHolder(text);
    if (holder !== undefined && isAlive(holder.identity)) {
      return isSameProcess(holder.identity, own.identity)
        ? { kind: 'taken', lease: disposableOf(files, own) }
        : { kind: 'held', holder };
    }
    if (text !== undefined) removeStale(files, text);
  }
}

/** Who has a session open, in another process than this one; undefined when nobody has. */
export function leaseHolderOf(files: SessionFiles): LeaseHolder | undefined {
  const holder = parseHolder(readSmallFileSync(files.lease));
  if (holder === undefined || !isAlive(holder.identity)) return undefined;
  return holder.identity.pid === process.pid ? undefined : holder;
}

/** The sessions that a live process has open. @throws HoldfastError `file.unreadable`. */
export function sessionsHeldBy(workspace: Workspace, pid: number): string[] {
  return namesIn(sessionsDirectory(workspace))
    .filter((name) => name.endsWith(LEASE_ENDING))
    .map((name) => name.slice(0, -LEASE_ENDING.length))
    .filter(isSessionId)
    .filter((id) => leaseHolderOf(sessionFilesOf(workspace, id))?.identity.pid === pid);
}

/** Whether any live process has a session open, this one included. */
export function isLeased(files: SessionFiles): boolean {
  const holder = parseHolder(readSmallFileSync(files.lease));
  return holder !== undefined && isAlive(holder.identity);
}

export function heldElsewhere(id: string, holder: LeaseHolder): HoldfastError {
  return new HoldfastError('session.heldElsewhere', `the session ${id} is open elsewhere`, {
    data: { id, pid: holder.identity.pid, face: holder.face },
  });
}

/** Whole or not at all: a reader must not take a lease that is being written for a stale one. */
function createLease(files: SessionFiles, own: LeaseHolder): boolean {
  const temporary = temporaryName(files.lease);
  try {
    writeFileSync(temporary, `${JSON.stringify(own)}\n`, { mode: PRIVATE_FILE_MODE });
    linkSync(temporary, files.lease);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw storeError(`creating ${files.lease}`, error);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Of two who found the same stale lease, the second may have hold of the first one's new lease: it gives it back. */
function removeStale(files: SessionFiles, staleText: string): void {
  const aside = temporaryName(files.lease);
  try {
    renameSync(files.lease, aside);
  } catch {
    return;
  }
  if (readSmallFileSync(aside) !== staleText) {
    try {
      linkSync(aside, files.lease);
    } catch {
      // A third one has taken it meanwhile; two holders harm nothing but the order of lines.
    }
  }
  rmSync(aside, { force: true });
}

function disposableOf(files: SessionFiles, own: LeaseHolder): Disposable {
  return {
    dispose: () => {
      const holder = parseHolder(readSmallFileSync(files.lease));
      if (holder !== undefined && isSameProcess(holder.identity, own.identity)) {
        rmSync(files.lease, { force: true });
      }
    },
  };
}

function parseHolder(text: string | undefined): LeaseHolder | undefined {
  if (text === undefined) return undefined;
  try {
    const result = v.safeParse(holderSchema, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
