import type { Disposable } from '../../core/common/disposables.ts';
import { Emitter, type Event } from '../../core/common/emitter.ts';
import { HoldfastError } from '../../core/common/errors.ts';
import { createSession, type NewSession } from '../../core/sessions/createSession.ts';
import { describeFile } from '../../core/sessions/describeFile.ts';
import { Journal } from '../../core/sessions/journal.ts';
import type { NewLine } from '../../core/sessions/journalLines.ts';
import { keepVersion } from '../../core/sessions/keptVersions.ts';
import { requireResumable, type ResumedSession } from '../../core/sessions/resumeSession.ts';
import { findJournal, sessionFilesOf } from '../../core/sessions/sessionFiles.ts';
import { heldElsewhere, takeSessionLease } from '../../core/sessions/sessionLease.ts';
import type { SessionStore } from '../../core/sessions/sessionStore.ts';
import { journalTask } from '../../core/sessions/sessionTasks.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';

const MAX_TITLE_CHARS = 60;

interface Held {
  readonly journal: Journal;
  readonly lease: Disposable;
}

/** The session that this window works on, with the lease that tells other windows so. One for each window. */
export class CurrentSession implements Disposable {
  readonly #store: SessionStore;
  readonly #changes = new Emitter<undefined>();
  #held: Held | undefined;

  /** Fires when another session is current, or none. */
  readonly onDidChange: Event<undefined> = this.#changes.event;

  constructor(store: SessionStore) {
    this.#store = store;
  }

  get id(): string | undefined {
    return this.#held?.journal.id;
  }

  /** Makes a session current that was taken up. */
  takeUp({ journal, lease }: ResumedSession): void {
    this.#replace({ journal, lease });
  }

  /**
   * Makes the session current that was so when the window was last open: without a word in its journal, since nobody
   * has done anything. @throws HoldfastError `session.heldElsewhere`, `session.notFound`, `session.damaged`, ….
   */
  reopen(id: string): void {
    requireResumable(this.#store.fold(id).state);
    this.#replace(this.#take(id));
  }

  /** Begins a session, makes it current and gives its id. @throws HoldfastError as {@link createSession}. */
  begin(wanted: NewSession = {}): string {
    const id = createSession(this.#store.host, wanted);
    this.#replace(this.#take(id));
    return id;
  }

  /** The current session's id; one is begun where there is none. @throws HoldfastError as {@link createSession}. */
  ensure(about: string): string {
    const { id } = this;
    if (id !== undefined && this.#isThere(id)) return id;
    const begun = this.begin();
    const title = oneLine(about, MAX_TITLE_CHARS);
    // Not by the user: whoever knows better what it is about may say so.
    if (title !== '') this.append({ type: 'title', title, by: 'holdfast' });
    return begun;
  }

  /** Adds a line to the current session, if there is one. @throws HoldfastError `disk.full`, `home.notWritable`. */
  append(line: NewLine): void {
    try {
      this.#held?.journal.append(line);
    } catch (error) {
      if (!HoldfastError.is(error, 'session.notFound')) throw error;
      // Somebody has deleted it.
      this.letGo();
    }
  }

  /** Says in a session's journal that a task is its own. @throws HoldfastError `session.notFound`, `disk.full`, … */
  noteTask(id: string, task: TaskSnapshot): void {
    journalTask(this.#store.host, id, task);
  }

  noteTaskEnd(task: TaskSnapshot): void {
    if (task.session === undefined || task.session !== this.id) return;
    const { endedAtMs } = task;
    this.append({
      type: 'task-end',
      id: task.id,
      status: task.status,
      exitCode: task.exitCode ?? null,
      signal: task.signal ?? null,
      endedAt: endedAtMs === undefined ? null : new Date(endedAtMs).toISOString(),
    });
  }

  noteFile(path: string, how: 'read' | 'modified' | 'created'): void {
    if (this.#held === undefined) return;
    const description = describeFile(path);
    this.append({ type: 'file', path, how, ...description });
    if (description?.hash !== undefined) keepVersion(this.#store.host, path, description.hash);
  }

  letGo(): void {
    this.#replace(undefined);
  }

  dispose(): void {
    this.#held?.lease.dispose();
    this.#held = undefined;
  }

  #take(id: string): Held {
    const { host } = this.#store;
    const outcome = takeSessionLease(host, id);
    if (outcome.kind === 'held') throw heldElsewhere(id, outcome.holder);
    return { journal: new Journal(host, id), lease: outcome.lease };
  }

  #isThere(id: string): boolean {
    return findJournal(sessionFilesOf(this.#store.host.workspace, id)) !== undefined;
  }

  #replace(held: Held | undefined): void {
    const before = this.#held;
    // Leases of one process on one session are the same lease.
    if (before !== undefined && before.journal.id !== held?.journal.id) before.lease.dispose();
    this.#held = held;
    if (before?.journal.id !== held?.journal.id) this.#changes.fire(undefined);
  }
}
