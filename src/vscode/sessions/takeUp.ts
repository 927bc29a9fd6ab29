import { HoldfastError } from '../../core/common/errors.ts';
import { listTrash } from '../../core/sessions/deleteSession.ts';
import type { StoredRecord } from '../../core/sessions/mergeRecords.ts';
import { recordFromCache } from '../../core/sessions/recordFromCache.ts';
import {
  continueSession,
  resumeSession,
  type ResumedSession,
  type ResumeSummary,
} from '../../core/sessions/resumeSession.ts';
import { findJournal, sessionFilesOf } from '../../core/sessions/sessionFiles.ts';
import { tellResumed } from './resumeReport.ts';
import type { SessionWindow } from './sessionWindow.ts';

/** Says what has happened since; a notification unless somebody else says it. */
type Tell = (summary: ResumeSummary) => void;

/**
 * Makes a session current and says what has happened since. One that another window has open becomes a branch; one whose
 * journal is gone comes back from the editor's own copy.
 * @throws HoldfastError `session.notFound`, `session.damaged`, `session.newerVersion`, `disk.full`, `home.notWritable`.
 */
export function resumeInWindow(
  sessions: SessionWindow,
  id: string,
  tell: Tell = tellResumed,
): ResumeSummary {
  recoverIfGone(sessions, id);
  return takeUp(sessions, resumeSession(sessions.store, id), tell);
}

/** @throws HoldfastError `session.none`, and as {@link resumeInWindow}. */
export function continueInWindow(sessions: SessionWindow, tell: Tell = tellResumed): ResumeSummary {
  return takeUp(sessions, continueSession(sessions.store), tell);
}

/** Makes the journal again of a session that only the editor remembers; says whether it did. */
export function recoverIfGone(sessions: SessionWindow, id: string): boolean {
  const { feed, store } = sessions;
  // Not by what the feed knows: it may have vanished a moment ago.
  if (findJournal(sessionFilesOf(store.host.workspace, id)) !== undefined) return false;
  const record = keptRecordOf(sessions, id);
  if (record === undefined) return false;
  if (listTrash(store.host).some((trashed) => trashed.id === id)) return false;
  try {
    recordFromCache(store.host, record);
    return true;
  } catch (error) {
    // Another window was quicker.
    if (!HoldfastError.is(error, 'session.idTaken')) throw error;
    return false;
  } finally {
    feed.refresh();
  }
}

/** What the editor has kept of a session that was not deleted. */
export function keptRecordOf({ stored }: SessionWindow, id: string): StoredRecord | undefined {
  const record = stored.workspace?.records.find(({ sessionId }) => sessionId === id);
  return record?.isDeleted === true ? undefined : record;
}

function takeUp(sessions: SessionWindow, resumed: ResumedSession, tell: Tell): ResumeSummary {
  sessions.current.takeUp(resumed);
  sessions.feed.refresh();
  tell(resumed.summary);
  return resumed.summary;
}
