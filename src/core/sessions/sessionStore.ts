import { HoldfastError } from '../common/errors.ts';
import type { Approval } from '../permissions/approval.ts';
import { readCountingApprovals } from '../permissions/approvals.ts';
import { listTasks } from '../tasks/listTasks.ts';
import { FoldCache } from './foldCache.ts';
import type { FoldedJournal } from './foldJournal.ts';
import { readMessages } from './readMessages.ts';
import { listJournalNames, sessionFilesOf, statListed, type JournalFile } from './sessionFiles.ts';
import type { SessionHost } from './sessionHost.ts';
import { isCurrent, readIndexFile, writeIndexFile, type IndexEntry } from './sessionIndexFile.ts';
import { recordOf, type SessionRecord } from './sessionRecord.ts';
import type { SessionState } from './sessionState.ts';
import { placeholderOf, summaryOf, type SessionSummary } from './sessionSummary.ts';

/** The cached index is written again when so many of its entries were out of date, or cost so much to renew. */
const STALE_ENTRIES = 20;
const STALE_MS = 50;
/** The few that are worked on are read whatever the time: else a look that takes longer would never show them. */
const MIN_READS = 5;
/** A look at each of ten thousand files takes longer than somebody should wait for the first ones. */
const FIRST_LOOKS = 200;

export interface SessionList {
  /** The latest active first. */
  readonly sessions: SessionSummary[];
  /** How many of them are placeholders, or as they were when last seen, as the time was up; the next call goes on. */
  readonly pendingCount: number;
}

/** The sessions of a workspace, read as often as a face needs them. One for each window or command. */
export class SessionStore {
  readonly host: SessionHost;
  readonly #folds: FoldCache;
  #entries: Map<string, IndexEntry> | undefined;
  /** Those that a call in haste has not got to. */
  #unread: readonly JournalFile[] = [];
  /** How many entries are newer than in the index on the disk. */
  #renewedCount = 0;

  constructor(host: SessionHost) {
    this.host = host;
    this.#folds = new FoldCache(host.workspace);
  }

  /**
   * Lists all sessions. Costs a look at each file and the folding of those that changed, newest files first, for
   * about `budgetMs`. With a budget, the first call takes the older sessions from the index as they are, and a call
   * after one that was not done goes on with what that one found.
   * @throws HoldfastError `file.unreadable`.
   */
  list({ budgetMs = Number.POSITIVE_INFINITY } = {}): SessionList {
    const deadlineMs = performance.now() + budgetMs;
    const isInHaste = Number.isFinite(budgetMs);
    const isGoingOn = isInHaste && this.#unread.length > 0;
    const { entries, stale, trustedCount } = isGoingOn
      ? { entries: this.#entries ?? new Map<string, IndexEntry>(), ...this.#goOn() }
      : this.#lookAtFiles(isInHaste);
    this.#entries = entries;
    this.#unread = stale;
    const damaged = this.#readUntil(deadlineMs);
    const sessions = Array.from(entries.values(), ({ summary }) => summary).concat(
      damaged,
      this.#unread.map(placeholderOf),
    );
    return {
      sessions: sortSessions(sessions, this.host.clock.now()),
      pendingCount: trustedCount + this.#unread.length,
    };
  }

  /**
   * Goes on with what the last call of {@link list} has not got to, without making a list; says how much is left. One
   * more look is due when nothing is.
   */
  readOn(budgetMs: number): number {
    if (this.#unread.length > 0) this.#readUntil(performance.now() + budgetMs);
    return this.#unread.length;
  }

  /** Reads those that are unread, and gives the ones that cannot be read. */
  #readUntil(deadlineMs: number): SessionSummary[] {
    const entries = this.#entries ?? new Map<string, IndexEntry>();
    const unread = this.#unread;
    const damaged: SessionSummary[] = [];
    const startMs = performance.now();
    const readCount = countWhile(unread, (journal, index) => {
      if (index >= MIN_READS && performance.now() > deadlineMs) return false;
      const entry = this.#read(journal.id);
      if (entry === 'unreadable') damaged.push({ ...placeholderOf(journal), isDamaged: true });
      else if (entry !== 'gone') entries.set(journal.id, entry);
      return true;
    });
    this.#unread = unread.slice(readCount);
    this.#renewedCount += readCount;
    const hasCost = this.#renewedCount >= STALE_ENTRIES || performance.now() - startMs > STALE_MS;
    if (this.#unread.length === 0 && this.#renewedCount > 0 && hasCost) {
      writeIndexFile(this.host.workspace, entries.values());
      this.#renewedCount = 0;
    }
    return damaged;
  }

  /** A look at ten thousand files may take longer than the time that there is: then nothing would ever be read. */
  #goOn(): { stale: readonly JournalFile[]; trustedCount: number } {
    // What was found is as it was then, so that one more look is due in the end.
    return { stale: this.#unread, trustedCount: this.#entries?.size ?? 0 };
  }

  /** What is known of the journals that are there, and those of which it is out of date, the newest first. */
  #lookAtFiles(isInHaste: boolean): {
    entries: Map<string, IndexEntry>;
    stale: JournalFile[];
    trustedCount: number;
  } {
    const { workspace } = this.host;
    const known = this.#entries ?? readIndexFile(workspace);
    const isFirst = this.#entries === undefined;
    const isTrusted = isInHaste && isFirst ? olderThanNewest(known) : (): boolean => false;
    const entries = new Map<string, IndexEntry>();
    const stale: JournalFile[] = [];
    let trustedCount = 0;
    for (const name of listJournalNames(workspace)) {
      const entry = known.get(name.id);
      if (entry !== undefined && isTrusted(entry)) {
        trustedCount += 1;
        entries.set(name.id, entry);
        continue;
      }
      const journal = statListed(name);
      if (journal === undefined) continue;
      if (entry !== undefined && isCurrent(entry, journal)) entries.set(name.id, entry);
      else stale.push(journal);
    }
    stale.sort((a, b) => b.mtimeMs - a.mtimeMs);
    return { entries, stale, trustedCount };
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
    const sources = { tasks, approvals: this.approvals(state), nowMs: clock.now() };
    if (!withMessages) return recordOf(state, sources);
    const messages = readMessages(sessionFilesOf(workspace, id));
    return recordOf(state, {
      ...sources,
      messages: messages.map(({ time, role, parts }) => ({ time, role, parts })),
    });
  }

  /** What counts in a session: its own approvals, and those of the workspace as far as they can be read. */
  approvals(state: SessionState): readonly Approval[] {
    try {
      return readCountingApprovals(this.host.workspace, state).approvals;
    } catch (error) {
      this.host.log.warn('permissions.unreadable', { error });
      return [...state.permissions.values()];
    }
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
    const ids = listJournalNames(this.host.workspace).map(({ id }) => id);
    if (ids.includes(text)) return text;
    const meant = text.length < 4 ? [] : ids.filter((id) => id.startsWith(text));
    const [only] = meant;
    if (only !== undefined && meant.length === 1) return only;
    const isAmbiguous = meant.length > 1;
    const message = isAmbiguous
      ? `several sessions begin with ${text}`
      : `there is no session ${JSON.stringify(text)} in ${this.host.workspace.folder}`;
    throw new HoldfastError('session.notFound', message, {
      data: { id: text, known: (isAmbiguous ? meant : ids).slice(0, 5), isAmbiguous },
    });
  }

  #read(id: string): IndexEntry | 'gone' | 'unreadable' {
    try {
      const { state, journal } = this.fold(id);
      const { sizeBytes, mtimeMs, inode } = journal;
      return { sizeBytes, mtimeMs, inode, summary: summaryOf(state, journal) };
    } catch (error) {
      if (HoldfastError.is(error, 'session.notFound')) return 'gone';
      this.host.log.warn('session.unreadable', { id, error });
      return 'unreadable';
    }
  }
}

/** How many of the first ones there is something done with. */
function countWhile<T>(all: readonly T[], act: (each: T, index: number) => boolean): number {
  const end = all.findIndex((each, index) => !act(each, index));
  return end === -1 ? all.length : end;
}

/** Those that a first page does not show. */
function olderThanNewest(known: ReadonlyMap<string, IndexEntry>): (entry: IndexEntry) => boolean {
  const times = Float64Array.from(known.values(), ({ summary }) => summary.lastActiveMs).sort();
  const oldestChecked = times[times.length - FIRST_LOOKS] ?? -Infinity;
  return ({ summary }) => summary.lastActiveMs < oldestChecked;
}

/** The latest active first. An event from the future (the clock was wrong) does not stay on top for ever. */
export function sortSessions(sessions: SessionSummary[], nowMs: number): SessionSummary[] {
  const activeAt = ({ lastActiveMs }: SessionSummary): number => Math.min(lastActiveMs, nowMs);
  return sessions.sort(
    (a, b) =>
      activeAt(b) - activeAt(a) || b.lastActiveMs - a.lastActiveMs || (a.id < b.id ? -1 : 1),
  );
}
