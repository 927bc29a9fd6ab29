import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { HoldfastError } from '../../../common/errors.ts';
import { isTranscriptId } from './transcriptFiles.ts';

/** How to run `claude`: its arguments, where, and what its environment has besides. */
export interface ClaudeLaunch {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The session it will have. */
  readonly sessionId: string;
}

/** A session of which we know where Claude Code looks for it. */
export interface LaunchableSession {
  readonly id: string;
  readonly cwd: string | undefined;
}

export interface LaunchOptions {
  readonly claudeDirectory: string;
  /** Further arguments for `claude`. */
  readonly more?: readonly string[];
}

/**
 * Goes on with a session. @throws HoldfastError `claude.directoryGone`: Claude Code looks for a session only in the
 * folder where it was begun.
 */
export function launchResume(session: LaunchableSession, options: LaunchOptions): ClaudeLaunch {
  return launch(session, ['--resume', session.id], session.id, options);
}

/** Begins a copy of a session, under an id that is chosen here. @throws HoldfastError `claude.directoryGone`. */
export function launchBranch(
  session: LaunchableSession,
  branchId: string,
  options: LaunchOptions,
): ClaudeLaunch {
  const argv = ['--resume', session.id, '--fork-session', '--session-id', branchId];
  return launch(session, argv, branchId, options);
}

/** Begins a session under a name, which Claude Code shows and finds it by, too. */
export function launchNew(
  session: { readonly id: string; readonly cwd: string; readonly name: string | undefined },
  options: LaunchOptions,
): ClaudeLaunch {
  const name = session.name === undefined ? [] : ['--name', session.name];
  return launch(session, ['--session-id', session.id, ...name], session.id, options);
}

function launch(
  { id, cwd }: LaunchableSession,
  argv: readonly string[],
  sessionId: string,
  { claudeDirectory, more = [] }: LaunchOptions,
): ClaudeLaunch {
  if (!isTranscriptId(sessionId)) throw new Error(`not an id for Claude Code: ${sessionId}`);
  if (cwd === undefined || !existsSync(cwd)) {
    throw new HoldfastError('claude.directoryGone', `the folder of the session ${id} is gone`, {
      data: { id, folder: cwd ?? 'unknown' },
    });
  }
  const isUsual = claudeDirectory === path.join(homedir(), '.claude');
  const env: Record<string, string> = isUsual ? {} : { CLAUDE_CONFIG_DIR: claudeDirectory };
  return { argv: [...argv, ...more], cwd, env, sessionId };
}
