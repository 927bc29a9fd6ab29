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

interface Turn {
  readonly isStopped: () => boolean;
  readonly over: Promise<unknown>;
}

/** Which chats of this window talk in which session. One for each window. */
export class ChatSessions {
  readonly #sessions: SessionWindow;
  /** Sessions that a chat of this window has talked in. */
  readonly #talkedIn = new Set<string>();
  /** The turn that is under way in a session. */
  readonly #busy = new Map<string, Turn>();
  /** The session of the request that the user stopped last. */
  #stopped: string | undefined;

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

  /** Makes a session current that the user has chosen; while another chat's turn is under way in it, a branch of it. */
  enterChosen(id: string, resume: () => ResumeSummary): EnteredSession {
    const entered = this.#busy.has(id) ? this.#branch(id) : resumed(resume());
    this.#talkedIn.add(entered.id);
    return entered;
  }

  /**
   * While it is under way, another chat's turn goes into a branch.
   * @param isStopped whether the user has stopped it, so that its chat may go on before it is over.
   */
  async during<T>(id: string, turn: () => Promise<T>, isStopped = () => false): Promise<T> {
    // Not before it counts as under way.
    const over = Promise.resolve().then(turn);
    const busy = { isStopped, over };
    this.#busy.set(id, busy);
    try {
      return await over;
    } finally {
      if (this.#busy.get(id) === busy) this.#busy.delete(id);
    }
  }

  /** Waits for what is left of a turn that was stopped, such as the end of the task that it kills. */
  async untilStopped(id: string | undefined): Promise<void> {
    const turn = id === undefined ? undefined : this.#busy.get(id);
    if (turn?.isStopped() === true) await turn.over.catch(() => undefined);
  }

  /** The editor drops an answer that comes a second after it was stopped, and with it where the chat was. */
  noteStopped(id: string | undefined): void {
    this.#stopped = id;
  }

  /** The session of the request that was stopped last, unless it has been taken before. */
  takeStopped(): string | undefined {
    const id = this.#stopped;
    this.#stopped = undefined;
    return id;
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
      return resumed(resumeInWindow(this.#sessions, before, () => undefined));
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

function resumed(summary: ResumeSummary): EnteredSession {
  const how = summary.branchedFrom === undefined ? 'back' : 'branch';
  return { id: summary.sessionId, how, summary };
}
