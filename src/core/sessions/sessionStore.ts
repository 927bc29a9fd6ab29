import { HoldfastError } from '../common/errors.ts';
import { listTasks } from '../tasks/listTasks.ts';
import { FoldCache } from './foldCache.ts';
import type { FoldedJournal } from './foldJournal.ts';
import { readMessages } from './readMessages.ts';
import { listJournals, sessionFilesOf, type JournalFile } from './sessionFiles.ts';
import type { SessionHost } from './sessionHost.ts';
import { isCurrent, readIndexFile, writeIndexFile, type IndexEntry } from './sessionIndexFile.ts';
import { recordOf, type SessionRecord } from './sessionRecord.ts';
import { placeholderOf, summaryOf, type SessionSummary } from './sessionSummary.ts';

/** The cached index is written again when this many of its entries were out of date. */
const STALE_ENTRIES = 20;

export interface SessionList {
  /** The latest active first. */
  readonly sessions: SessionSummary[];
  /** How many of them are only placeholders yet, as the time was up; the next call goes on. */
  readonly pendingCount: number;
}

/** The sessions of a workspace, read as often as a face needs them. One for each window or command. */
export class SessionStore {
  readonly host: SessionHost;
  readonly #folds: FoldCache;
  #entries: Map<string, IndexEntry> | undefined;

  constructor(host: SessionHost) {
    this.host = host;
    this.#folds = new FoldCache(host.workspace);
  }

  /**
   * Lists all sessions. Costs a look at each file and the folding of those that changed, newest files first, for
   * `budgetMs` at most.
   * @throws HoldfastError `file.unreadable`.
   */
  list({ budgetMs = Number.POSITIVE_INFINITY } = {}): SessionList {
    const deadlineMs = performance.now() + budgetMs;
    const known = this.#entries ?? readIndexFile(this.host.workspace);
    const journals = listJournals(this.host.workspace);
    const entries = new Map<string, IndexEntry>();
    const stale: JournalFile[] = [];
    for (const journal of journals) {
      const entry = known.get(journal.id);
      if (entry !== undefined && isCurrent(entry, journal)) entries.set(journal.id, entry);
      else stale.push(journal);
    }
    stale.sort((a, b) => b.mtimeMs - a.mtimeMs);
    const pending: JournalFile[] = [];
    for (const journal of stale) {
      const entry = performance.now() > deadlineMs ? undefined : this.#read(journal.id);
      if (entry === undefined) pending.push(journal);
      else entries.set(journal.id, entry);
    }
    this.#entries = entries;
    if (stale.length - pending.length >= STALE_ENTRIES) {
      writeIndexFile(this.host.workspace, entries.values());
    }
    const sessions = [...entries.values()].map(({ summary }) => summary);
    sessions.push(...pending.map(placeholderOf));
    return {
      sessions: sortSessions(sessions, this.host.clock.now()),
      pendingCount: pending.length,
    };
  }

  /** The state of one session, without its messages. @throws HoldfastError `session.notFound`, `file.unreadable`. */
  fold(id: string): FoldedJournal {
    return this.#folds.fold(id);
  }

  /**
   * One session with what its tasks do now; with its messages, which costs reading all of its journal, if wanted.
   * @throws HoldfastError `session.notFound`, `file.unreadable`.
   */
  record(id: string, { withMessages = false } = {}): SessionRecord {
    const { state } = this.fold(id);
    const { workspace, clock } = this.host;
    const tasks = state.tasks.size === 0 ? [] : listTasks(workspace, clock.now()).tasks;
    if (!withMessages) return recordOf(state, { tasks });
    const messages = readMessages(sessionFilesOf(workspace, id));
    return recordOf(state, {
      tasks,
      messages: messages.map(({ time, role, parts }) => ({ time, role, parts })),
    });
  }

  /** Must be called when a session's files were moved or replaced by us. */
  forget(id: string): void {
    this.#folds.forget(id);
    this.#entries?.delete(id);
  }

  /**
   * The id that a user means: all of it, or its beginning if that is no other one's.
   * @throws HoldfastError `session.notFound`.
   */
  resolveId(text: string): string {
    const ids = listJournals(this.host.workspace).map(({ id }) => id);
    if (ids.includes(text)) return text;
    const meant = text.length < 4 ? [] : ids.filter((id) => id.startsWith(text));
    const [only] = meant;
    if (only !== undefined && meant.length === 1) return only;
    const message =
      meant.length > 1
        ? `several sessions begin with ${text}`
        : `there is no session ${JSON.stringify(text)} in ${this.host.workspace.folder}`;
    throw new HoldfastError('session.notFound', message, {
      data: { id: text, known: (meant.length > 1 ? meant : ids).slice(0, 5) },
    });
  }

  /** Undefined when it vanished, or cannot be read now, since it was listed. */
  #read(id: string): IndexEntry | undefined {
    try {
      const { state, journal } = this.fold(id);
      const { sizeBytes, mtimeMs, inode } = journal;
      return { sizeBytes, mtimeMs, inode, summary: summaryOf(state, journal) };
    } catch (error) {
      this.host.log.warn('session.unreadable', { id, error });
      return undefined;
    }
  }
}

/** The latest active first. An event from the future (the clock was wrong) does not stay on top for ever. */
export function sortSessions(sessions: SessionSummary[], nowMs: number): SessionSummary[] {
  const activeAt = ({ lastActiveMs }: SessionSummary): number => Math.min(lastActiveMs, nowMs);
  return sessions.sort(
    (a, b) =>
      activeAt(b) - activeAt(a) || b.lastActiveMs - a.lastActiveMs || (a.id < b.id ? -1 : 1),
  );
}
