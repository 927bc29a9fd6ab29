import { HoldfastError } from '../../core/common/errors.ts';
import { branchSession } from '../../core/sessions/branchSession.ts';
import type { ResumeSummary } from '../../core/sessions/resumeSession.ts';
import type { SessionWindow } from '../sessions/sessionWindow.ts';
import { resumeInWindow } from '../sessions/takeUp.ts';

/** How a request of a chat came to its session. */
export interface EnteredSession {
  readonly id: string;
  /** `begun`: it is new; `back`: another was current meanwhile; `branch`: another chat talks in the one it was about. */
  readonly how: 'same' | 'begun' | 'back' | 'branch' | 'gone';
  readonly summary?: ResumeSummary;
}

/** Which chats of this window talk in which session. One for each window. */
export class ChatSessions {
  readonly #sessions: SessionWindow;
  /** Sessions that a chat of this window has talked in. */
  readonly #talkedIn = new Set<string>();
  /** Sessions with a turn under way. */
  readonly #busy = new Set<string>();

  constructor(sessions: SessionWindow) {
    this.#sessions = sessions;
  }

  /**
   * Makes the session current that a request belongs to: that of its chat before, else the window's, else a new one. Two
   * chats never write into the same session.
   * @throws HoldfastError as `resumeSession` and `createSession`.
   */
  enter(before: string | undefined, about: string): EnteredSession {
    const entered = before === undefined ? this.#enterCurrent(about) : this.#goBack(before, about);
    this.#talkedIn.add(entered.id);
    return entered;
  }

  /** Says that a chat has chosen this session itself. */
  choose(id: string): void {
    this.#talkedIn.add(id);
  }

  /** While it is under way, another chat's turn goes into a branch. */
  async during<T>(id: string, turn: () => Promise<T>): Promise<T> {
    this.#busy.add(id);
    try {
      return await turn();
    } finally {
      this.#busy.delete(id);
    }
  }

  #enterCurrent(about: string): EnteredSession {
    const { current } = this.#sessions;
    const { id } = current;
    if (id === undefined) return { id: current.ensure(about), how: 'begun' };
    if (this.#talkedIn.has(id)) return this.#branch(id);
    const ensured = current.ensure(about);
    return { id: ensured, how: ensured === id ? 'same' : 'begun' };
  }

  #goBack(before: string, about: string): EnteredSession {
    if (this.#busy.has(before)) return this.#branch(before);
    const { current } = this.#sessions;
    try {
      if (current.id === before) {
        const id = current.ensure(about);
        return { id, how: id === before ? 'same' : 'gone' };
      }
      const summary = resumeInWindow(this.#sessions, before, () => undefined);
      const how = summary.branchedFrom === undefined ? 'back' : 'branch';
      return { id: summary.sessionId, how, summary };
    } catch (error) {
      if (!HoldfastError.is(error, 'session.notFound')) throw error;
      return { id: current.begin(), how: 'gone' };
    }
  }

  #branch(parent: string): EnteredSession {
    const { current, store, feed } = this.#sessions;
    const id = branchSession(store, parent);
    current.reopen(id);
    feed.refresh();
    return { id, how: 'branch' };
  }
}
