import type { Disposable } from '../../core/common/disposables.ts';
import type { Log } from '../../core/common/log.ts';
import {
  mergeRecords,
  parseStoredRecords,
  type StoredRecord,
  type StoredRecords,
  type StoredWorkspace,
} from '../../core/sessions/mergeRecords.ts';

/** The part of the editor's `Memento` that is used. */
export interface Store {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

export const STORE_KEY = 'sessions';

/** What is put in quick succession is written together. */
const GATHER_MS = 150;
/**
 * Another window's write reaches this one within 230 ms (measured). When two write at the same moment each then shows
 * only the other's: by looking again after this time, both find what is missing and put it back.
 */
const VERIFY_AFTER_MS = 400;
const VERIFY_JITTER_MS = 400;
/** Windows that never agree are not worth more than this. */
const MAX_ROUNDS = 12;

/**
 * The second copy of the session records, in the editor's own store. That store is one object that the last writer
 * replaces, so before each write it is read and merged anew, and after each write it is looked at again.
 */
export class StoredSessions implements Disposable {
  readonly #store: Store;
  readonly #folder: string;
  readonly #log: Log;
  readonly #now: () => number;
  /** All that this window has put; never less than what it has written. */
  #own: StoredRecords = {};
  /** The last merge, with what it was made of: reading half a megabyte costs several milliseconds. */
  #last: { stored: unknown; own: StoredRecords; merged: StoredRecords } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #round = 0;
  #isDisposed = false;

  constructor(store: Store, folder: string, { log, now }: { log: Log; now: () => number }) {
    this.#store = store;
    this.#folder = folder;
    this.#log = log;
    this.#now = now;
  }

  /** What is stored of this workspace by all windows, as far as this one knows. */
  get workspace(): StoredWorkspace | undefined {
    const all = this.#merged(this.#store.get(STORE_KEY));
    return Object.hasOwn(all, this.#folder) ? all[this.#folder] : undefined;
  }

  /** Keeps these records, and says which session is active where that is given. */
  put(records: readonly StoredRecord[], active?: { readonly id: string | null }): void {
    const before = Object.hasOwn(this.#own, this.#folder) ? this.#own[this.#folder] : undefined;
    const added: StoredWorkspace = {
      activeSession: active === undefined ? (before?.activeSession ?? null) : active.id,
      activeSince:
        active === undefined ? (before?.activeSince ?? '') : new Date(this.#now()).toISOString(),
      records,
    };
    this.#own = mergeRecords(this.#own, { [this.#folder]: added }, { nowMs: this.#now() });
    this.#round = 0;
    this.#writeIn(GATHER_MS);
  }

  /** Nothing can be written any more when a window closes: the next one reconciles with the disk. */
  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
  }

  #writeIn(delayMs: number): void {
    if (this.#isDisposed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#write().catch((error: unknown) => {
        this.#log.warn('sessions.notStored', { error: String(error) });
      });
    }, delayMs);
  }

  async #write(): Promise<void> {
    const stored = this.#store.get(STORE_KEY);
    const merged = this.#merged(stored);
    if (JSON.stringify(merged) === JSON.stringify(stored)) {
      const { records } = this.workspace ?? { records: [] };
      this.#log.info('sessions.stored', { records: records.length, writes: this.#round });
      return;
    }
    this.#round += 1;
    if (this.#round > MAX_ROUNDS) return;
    await this.#store.update(STORE_KEY, merged);
    this.#writeIn(VERIFY_AFTER_MS + Math.random() * VERIFY_JITTER_MS);
  }

  #merged(stored: unknown): StoredRecords {
    const last = this.#last;
    if (last?.stored === stored && last?.own === this.#own) return last.merged;
    const merged = mergeRecords(parseStoredRecords(stored), this.#own, { nowMs: this.#now() });
    this.#last = { stored, own: this.#own, merged };
    return merged;
  }
}
