/** A background task that Claude Code started by itself, under its own id. */
export interface TranscriptTask {
  readonly id: string;
  readonly command: string;
  readonly startedMs: number;
  /** `running` as far as the transcript tells: the end of one that outlived its session is never written. */
  readonly status: string;
  readonly endedMs?: number;
}

/** Paths as they stand in the tool calls, each in one list. */
export interface TranscriptFiles {
  readonly read: readonly string[];
  readonly modified: readonly string[];
  readonly created: readonly string[];
}

/** What a transcript says of its session. */
export interface TranscriptSummary {
  readonly id: string;
  /** The directory in which `claude --resume` finds it. */
  readonly cwd: string | undefined;
  readonly title: string | undefined;
  readonly firstPrompt: string | undefined;
  readonly lastPrompt: string | undefined;
  readonly startMs: number | undefined;
  readonly lastActiveMs: number | undefined;
  /** Prompts and answers. */
  readonly messageCount: number;
  readonly gitBranch: string | undefined;
  readonly version: string | undefined;
  /** Who ran Claude Code: `cli`, `claude-vscode`, `sdk-cli`, … */
  readonly entrypoint: string | undefined;
  readonly permissionMode: string | undefined;
  /** The session whose past this one began with. */
  readonly parent: string | undefined;
  readonly fileCount: number;
  readonly taskCount: number;
  /** The tool call that has no result yet, in a few words. */
  readonly pendingTool: string | undefined;
  /** Lines that could not be read. */
  readonly damagedLines: number;
}

/** What a list does not need of a session. */
export interface TranscriptDetails {
  readonly files: TranscriptFiles;
  readonly tasks: readonly TranscriptTask[];
}
