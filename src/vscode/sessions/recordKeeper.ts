import type { Disposable } from '../../core/common/disposables.ts';
import { listTrash } from '../../core/sessions/deleteSession.ts';
import {
  deletedRecord,
  toStoredRecord,
  type StoredRecord,
} from '../../core/sessions/mergeRecords.ts';
import { pastRetention } from '../../core/sessions/retention.ts';
import type { SessionStore } from '../../core/sessions/sessionStore.ts';
import type { SessionSummary } from '../../core/sessions/sessionSummary.ts';
import { recordedSummary } from './recordedSummary.ts';
import type { ListedSession, RecordedSessions, SessionFeed } from './sessionFeed.ts';
import type { StoredSessions } from './storedSessions.ts';

/** More than fit into the room that there is. */
const MAX_SESSIONS_STORED = 200;
/** Folding a journal that is not in the cache takes a millisecond or so. */
const PER_SLICE = 5;
const SLICE_EVERY_MS = 30;

/** What the editor's own store says of the sessions, for the feed. */
export function recordedSessions(
  stored: StoredSessions,
  store: SessionStore,
  retentionDays: () => number,
): RecordedSessions {
  const records = (): readonly StoredRecord[] => stored.workspace?.records ?? [];
  return {
    summaries: () => records().flatMap((record) => recordedSummary(record) ?? []),
    recoverable: (idsOnDisk) => {
      const gone = records()
        .filter(({ sessionId }) => !idsOnDisk.has(sessionId))
        .flatMap((record) => recordedSummary(record) ?? []);
      if (gone.length === 0) return [];
      const { host } = store;
      const trashed = new Set(listTrash(host).map(({ id }) => id));
      const mayGo = pastRetention(host, retentionDays());
      // One that may go was pruned by somebody while no window was open; any other was lost.
      const over = new Set(gone.filter((session) => trashed.has(session.id) || mayGo(session)));
      if (over.size > 0) {
        stored.put(Array.from(over, ({ id }) => deletedRecord(id, host.clock.now())));
      }
      return gone.filter((session) => !over.has(session));
    },
  };
}

/** Keeps the editor's own store up to date with the journals, the newest sessions first. */
export function keepRecords(
  feed: SessionFeed,
  store: SessionStore,
  stored: StoredSessions,
): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let waiting: ListedSession[] = [];
  const work = (): void => {
    timer = undefined;
    const records = waiting.splice(0, PER_SLICE).flatMap((session) => read(store, session) ?? []);
    if (records.length > 0) stored.put(records);
    if (waiting.length > 0) timer = setTimeout(work, SLICE_EVERY_MS);
  };
  const look = (): void => {
    const kept = new Map((stored.workspace?.records ?? []).map((each) => [each.sessionId, each]));
    waiting = feed.sessions
      .slice(0, MAX_SESSIONS_STORED)
      .filter((session) => !session.isRecoverable && !isKept(session, kept.get(session.id)));
    if (waiting.length > 0) timer ??= setTimeout(work, SLICE_EVERY_MS);
  };
  void feed.loaded.then(look);
  const subscription = feed.onDidChange(look);
  return {
    dispose: () => {
      clearTimeout(timer);
      subscription.dispose();
    },
  };
}

/** A journal only grows: one of the same length says the same. */
function isKept(summary: SessionSummary, record: StoredRecord | undefined): boolean {
  return record !== undefined && !record.isDeleted && record['journalBytes'] === summary.sizeBytes;
}

function read(
  store: SessionStore,
  { id, sizeBytes, restoredMs }: ListedSession,
): StoredRecord | undefined {
  const storedAt = new Date(store.host.clock.now()).toISOString();
  const restored =
    restoredMs === undefined ? {} : { restoredAt: new Date(restoredMs).toISOString() };
  try {
    return { ...toStoredRecord(store.record(id)), storedAt, journalBytes: sizeBytes, ...restored };
  } catch (error) {
    store.host.log.debug('session.notKept', { id, error });
    return undefined;
  }
}
