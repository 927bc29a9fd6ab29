import { HoldfastError } from '../common/errors.ts';
import { createSession } from '../sessions/createSession.ts';
import { tellBegun } from '../sessions/handover.ts';
import { Journal } from '../sessions/journal.ts';
import { findJournal, sessionFilesOf } from '../sessions/sessionFiles.ts';
import { sessionsHeldBy } from '../sessions/sessionLease.ts';
import type { TaskHost } from '../tasks/taskHost.ts';

/** The current session of one of the editor's windows, for a server that the window has started for its agents. */
export class WindowSession {
  readonly #host: TaskHost;
  readonly #root: string;
  readonly #windowPid: number;
  /** Until the window has taken it up. */
  #begun: string | undefined;

  constructor(host: TaskHost, root: string, windowPid: number) {
    this.#host = host;
    this.#root = root;
    this.#windowPid = windowPid;
  }

  /**
   * The window says by its lease which session it has; it may be another one at each call. Where it has none, one is
   * begun for it.
   */
  id({ mayBegin }: { readonly mayBegin: boolean }): string | undefined {
    const { workspace } = this.#host;
    const [held] = sessionsHeldBy(workspace, this.#windowPid);
    if (held !== undefined) return held;
    const begun = this.#begun;
    if (begun !== undefined && findJournal(sessionFilesOf(workspace, begun)) !== undefined) {
      return begun;
    }
    return mayBegin ? this.#begin() : undefined;
  }

  /** The task matters more than that it has a session. */
  #begin(): string | undefined {
    try {
      const id = createSession(this.#host, { cwd: this.#root });
      new Journal(this.#host, id).append({ type: 'title', title: 'Agent at work', by: 'holdfast' });
      tellBegun(this.#host.workspace, this.#windowPid, id);
      this.#begun = id;
      return id;
    } catch (error) {
      if (!HoldfastError.is(error)) throw error;
      this.#host.log.warn('session.notBegun', { code: error.code, message: error.message });
      return undefined;
    }
  }
}
