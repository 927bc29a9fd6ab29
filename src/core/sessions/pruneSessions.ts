import { deleteSession, sweepTrash } from './deleteSession.ts';
import { HoldfastError } from '../common/errors.ts';
import { sweepVersions } from './keptVersions.ts';
import { pastRetention } from './retention.ts';
import { sessionFilesOf } from './sessionFiles.ts';
import { isLeased } from './sessionLease.ts';
import type { SessionStore } from './sessionStore.ts';
import type { SessionSummary } from './sessionSummary.ts';

export const DEFAULT_RETENTION_DAYS = 30;

export interface PruneSessionsOptions {
  readonly maxAgeDays?: number;
  /** Only say which ones would go. */
  readonly isDryRun?: boolean;
}

/**
 * Moves to the trash the sessions that nobody has worked on, or had back, for so long; never one that is pinned or open,
 * or that has a running task. Empties the trash of what lay there for a week, and forgets versions of files as old.
 * @returns those that went, or would.
 * @throws HoldfastError `file.unreadable`, `home.notWritable`.
 */
export function pruneSessions(
  store: SessionStore,
  options: PruneSessionsOptions = {},
): SessionSummary[] {
  const { maxAgeDays = DEFAULT_RETENTION_DAYS } = options;
  const candidates = sessionsToPrune(store, maxAgeDays);
  if (options.isDryRun === true) return candidates;
  const pruned = candidates.filter(({ id }) => tryDelete(store, id));
  sweepTrash(store.host);
  sweepVersions(store.host, maxAgeDays);
  return pruned;
}

function sessionsToPrune(store: SessionStore, maxAgeDays: number): SessionSummary[] {
  const { host } = store;
  const mayGo = pastRetention(host, maxAgeDays);
  return store
    .list()
    .sessions.filter(
      (session) => mayGo(session) && !isLeased(sessionFilesOf(host.workspace, session.id)),
    );
}

/** Somebody may have opened or deleted it since it was listed. */
function tryDelete(store: SessionStore, id: string): boolean {
  try {
    deleteSession(store, id);
    return true;
  } catch (error) {
    if (HoldfastError.is(error, 'session.heldElsewhere')) return false;
    if (HoldfastError.is(error, 'session.notFound')) return false;
    throw error;
  }
}
