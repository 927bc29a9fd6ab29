import { watch, type FSWatcher } from 'node:fs';
import type { Disposable } from '../../core/common/disposables.ts';
import { Emitter, type Event } from '../../core/common/emitter.ts';
import { ensureSessionsDirectory } from '../../core/sessions/sessionFiles.ts';
import { sortSessions, type SessionStore } from '../../core/sessions/sessionStore.ts';
import type { SessionSummary } from '../../core/sessions/sessionSummary.ts';

/** A session as a list shows it. */
export interface ListedSession extends SessionSummary {
  /** Its journal is gone, and only the editor's own copy of its record is left. */
  readonly isRecoverable: boolean;
}

/** How long one look may hold up the window for journals that nobody has read yet. */
const SLICE_MS = 25;
/** Bursts of lines are one look. */
const SETTLE_MS = 150;
/** Looking takes at most this part of the time, however many sessions there are. */
const REST_FACTOR = 15;
/** While thousands are being read, the lists are made anew this often. */
const SHOW_EVERY_MS = 500;
/** Network file systems tell no changes. */
const POLL_MS = 15_000;

/** What the editor itself knows of the sessions, to show before the disk has answered. */
export interface RecordedSessions {
  /** All that are on record. */
  readonly summaries: () => SessionSummary[];
  /** Those of them whose journal is gone although nobody has deleted it. */
  readonly recoverable: (idsOnDisk: ReadonlySet<string>) => SessionSummary[];
}

/** The sessions of a workspace, kept fresh. One for each window; whoever creates it disposes it. */
export class SessionFeed implements Disposable {
  readonly #store: SessionStore;
  readonly #recorded: RecordedSessions;
  readonly #changes = new Emitter<undefined>();
  #sessions = new Map<string, ListedSession>();
  /** As the store gave them; the same object means the same session. */
  #summaries = new Map<string, SessionSummary>();
  #recoverableKey = '';
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #poll: NodeJS.Timeout;
  #restUntilMs = -Infinity;
  #shownAtMs = -Infinity;
  #pendingCount = 0;
  #finishLoading: () => void = () => undefined;

  /** Fires after each look that found something different. */
  readonly onDidChange: Event<undefined> = this.#changes.event;
  /** Resolves when every journal has been looked at. */
  readonly loaded = new Promise<void>((resolve) => {
    this.#finishLoading = resolve;
  });

  constructor(store: SessionStore, recorded: RecordedSessions) {
    this.#store = store;
    this.#recorded = recorded;
    for (const summary of sortSessions(recorded.summaries(), store.host.clock.now())) {
      this.#sessions.set(summary.id, { ...summary, isRecoverable: false });
    }
    this.#watch();
    this.#poll = setInterval(() => {
      this.#schedule();
    }, POLL_MS);
    this.#timer = setTimeout(this.refresh.bind(this), 0);
  }

  /** The latest active first. */
  get sessions(): readonly ListedSession[] {
    return [...this.#sessions.values()];
  }

  get count(): number {
    return this.#sessions.size;
  }

  get(id: string): ListedSession | undefined {
    return this.#sessions.get(id);
  }

  /** Looks now, and tells the listeners before it returns. */
  refresh(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const startedAtMs = performance.now();
    const isComplete = this.#look();
    const tookMs = performance.now() - startedAtMs;
    this.#restUntilMs = performance.now() + REST_FACTOR * tookMs;
    if (isComplete) this.#finishLoading();
    else this.#timer = setTimeout(this.refresh.bind(this), 5);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#poll);
    this.#watcher?.close();
  }

  #look(): boolean {
    const { log, clock } = this.#store.host;
    const isShownSince = performance.now() - this.#shownAtMs < SHOW_EVERY_MS;
    if (isShownSince && this.#pendingCount > 0 && this.#store.readOn(SLICE_MS) > 0) return false;
    let list;
    try {
      list = this.#store.list({ budgetMs: SLICE_MS });
    } catch (error) {
      log.warn('sessions.unreadable', { error });
      return true;
    }
    const isComplete = list.pendingCount === 0;
    this.#pendingCount = list.pendingCount;
    this.#shownAtMs = performance.now();
    const ids = new Set(list.sessions.map(({ id }) => id));
    const recoverable = isComplete ? this.#recorded.recoverable(ids) : [];
    const key = recoverable.map(({ id, lastActiveMs }) => `${id} ${lastActiveMs}`).join();
    const isSame =
      key === this.#recoverableKey &&
      list.sessions.length === this.#summaries.size &&
      list.sessions.every((summary) => this.#summaries.get(summary.id) === summary);
    if (isSame) return isComplete;
    const known = this.#sessions;
    this.#recoverableKey = key;
    this.#summaries = new Map(list.sessions.map((summary) => [summary.id, summary]));
    // Of one that has not been read yet the editor may know more than its file's name.
    const best = list.sessions.map((summary) =>
      summary.version === 0 && !isComplete ? (known.get(summary.id) ?? summary) : summary,
    );
    const all = sortSessions([...best, ...recoverable], clock.now());
    const recoverableIds = new Set(recoverable.map(({ id }) => id));
    this.#sessions = new Map(
      all.map((summary) => [
        summary.id,
        { ...summary, isRecoverable: recoverableIds.has(summary.id) },
      ]),
    );
    this.#changes.fire(undefined);
    return isComplete;
  }

  #schedule(): void {
    if (this.#timer !== undefined) return;
    const waitMs = Math.max(SETTLE_MS, this.#restUntilMs - performance.now());
    this.#timer = setTimeout(this.refresh.bind(this), waitMs);
  }

  #watch(): void {
    const { host } = this.#store;
    try {
      const directory = ensureSessionsDirectory(host.workspace, host.clock.now());
      this.#watcher = watch(directory, { persistent: false }, (_event, name) => {
        // Our own caches and temporary files lie there as well.
        if (name === null || /\.jsonl(\.gz)?$/.test(name)) this.#schedule();
      });
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch (error) {
      host.log.debug('sessions.notWatched', { error });
    }
  }
}
