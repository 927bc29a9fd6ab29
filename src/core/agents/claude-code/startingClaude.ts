import { existsSync } from 'node:fs';
import { listAncestry, readProcessTable } from '../../processes/processTable.ts';
import { isUuid } from '../../sessions/sessionId.ts';
import { claudeDirectoryOf } from './transcripts/claudeDirectory.ts';
import { liveSessionFile, readLiveSession } from './transcripts/liveSessions.ts';

/**
 * The Claude Code that started this process, if one did. Our environment names the conversation that it had then; it
 * has another after `/clear`, `/resume` and `--continue`, and its own list of processes says which.
 */
export class StartingClaude {
  readonly #environment: NodeJS.ProcessEnv;
  /** Looked for once: its conversation changes, it does not. */
  #pid: { readonly found: number | undefined } | undefined;

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
  }

  /** The id of the conversation that it has now. */
  get conversation(): string | undefined {
    const atStart = this.#environment['CLAUDE_CODE_SESSION_ID'];
    if (atStart === undefined || !isUuid(atStart)) return undefined;
    const directory = claudeDirectoryOf(this.#environment);
    this.#pid ??= { found: findClaude(directory) };
    const { found } = this.#pid;
    const now = found === undefined ? undefined : readLiveSession(directory, found)?.sessionId;
    return now !== undefined && isUuid(now) ? now : atStart;
  }
}

/** The nearest of the processes above ours that is on the list. */
function findClaude(directory: string): number | undefined {
  const ancestry = [...listAncestry(readProcessTable(), process.pid)];
  return ancestry.find(
    (pid) =>
      existsSync(liveSessionFile(directory, pid)) && readLiveSession(directory, pid) !== undefined,
  );
}
