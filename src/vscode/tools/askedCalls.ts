import type { Judgement } from '../../core/agents/conversation/permissionGate.ts';
import type { WorkingSession } from './workingSession.ts';

/** Calls that the user was asked about, at most: those that were never made are forgotten. */
const MAX_ASKED = 50;

/** What the user was asked, and in which session. */
export interface AskedCall {
  readonly session: Pick<WorkingSession, 'gate'>;
  readonly judgement: Judgement;
}

/** What the editor asks, or has asked, the user about, by the call. An answer is good for one call. */
export class AskedCalls {
  readonly #asked = new Map<string, AskedCall>();

  /** What was asked before about a call like this one says nothing about it any more. */
  remember(key: string, asked: AskedCall): void {
    this.#asked.delete(key);
    this.#asked.set(key, asked);
    const [oldest] = this.#asked.keys();
    if (this.#asked.size > MAX_ASKED && oldest !== undefined) this.#asked.delete(oldest);
  }

  get(key: string): AskedCall | undefined {
    return this.#asked.get(key);
  }

  forget(key: string): void {
    this.#asked.delete(key);
  }

  /** Whether the user was asked about just what is to be done now; then the next such call is another question. */
  take(key: string, { summary, directory }: Judgement): boolean {
    const shown = this.#asked.get(key)?.judgement;
    this.#asked.delete(key);
    return shown !== undefined && shown.summary === summary && shown.directory === directory;
  }
}
