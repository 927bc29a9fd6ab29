/** What the search found in a session; of each session at most one. */
export interface TextHit {
  /** `session` for ours, `claude` for Claude Code's. */
  readonly source?: string;
  readonly sessionId: string;
  /** The folder that the session belongs to. */
  readonly workspace: string;
  readonly title: string;
  readonly kind: string;
  readonly role: string | undefined;
  readonly lastActiveMs: number;
  /** The line that matches. */
  readonly snippet: string;
}

export interface TextAnswer {
  readonly hits: readonly TextHit[];
  /** False while not everything is indexed yet. */
  readonly isComplete: boolean;
}

export interface TextSearch {
  /** Brings the index up to date. */
  refresh(): Promise<void>;
  /** Rejects when the signal is aborted. */
  search(
    text: string,
    options: { limit: number; workspace?: string | undefined; signal: AbortSignal },
  ): Promise<TextAnswer>;
}
