export interface TranscriptOptions {
  /** The address of a background task's output; undefined where there is none. */
  readonly linkTask?: ((id: string) => string | undefined) | undefined;
  /** The address of a file, by its real path. */
  readonly linkFile?: ((path: string) => string | undefined) | undefined;
  /** Whether an agent is at work: then a call without a result is still being made. */
  readonly isLive?: boolean;
}
