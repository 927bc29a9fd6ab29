import { existsSync } from 'node:fs';
import {
  claudeDirectoryOf,
  realDirectory,
} from '../../core/agents/claude-code/transcripts/claudeDirectory.ts';
import { findTranscript } from '../../core/agents/claude-code/transcripts/findTranscript.ts';
import type { GuardHost } from '../../core/agents/claude-code/transcripts/guardHost.ts';
import {
  listTranscripts,
  refreshSummaries,
  type ListedTranscript,
} from '../../core/agents/claude-code/transcripts/listTranscripts.ts';
import { SummaryCache } from '../../core/agents/claude-code/transcripts/summaryCache.ts';
import { systemClock } from '../../core/common/clock.ts';
import { HoldfastError } from '../../core/common/errors.ts';
import { silentLog } from '../../core/common/log.ts';
import { ensureHome, resolveHome } from '../../core/store/home.ts';
import { chooseWorkspace, type CommonOptions } from '../context.ts';

export interface TranscriptOptions extends CommonOptions {
  readonly allProjects?: boolean;
}

/** @throws HoldfastError `home.unsafe`, `settings.outOfRange`. */
export function openGuard(): GuardHost {
  const home = resolveHome(process.env);
  if (existsSync(home)) ensureHome(home);
  const claudeDirectory = claudeDirectoryOf(process.env);
  return { home, claudeDirectory, clock: systemClock, log: silentLog };
}

/** The folder whose sessions are meant, with links resolved. @throws HoldfastError `workspace.none`. */
export function folderOf(options: TranscriptOptions, home: string): string {
  return realDirectory(chooseWorkspace(home, options.workspace).folder);
}

/** What is listed: up to date, also with what was written a moment ago. */
export function readTranscripts(options: TranscriptOptions): {
  readonly host: GuardHost;
  readonly folder: string | undefined;
  readonly sessions: readonly ListedTranscript[];
  readonly cache: SummaryCache;
} {
  const host = openGuard();
  const folder = options.allProjects === true ? undefined : folderOf(options, host.home);
  const scope = { claudeDirectory: host.claudeDirectory, folder };
  const cache = new SummaryCache(host.home);
  refreshSummaries(scope, cache);
  return { host, folder, sessions: listTranscripts(scope, cache), cache };
}

/**
 * The session that an argument names: one of this folder, else one of another project.
 * @throws HoldfastError `claude.sessionNotFound`.
 */
export function requireTranscript(options: TranscriptOptions, given: string): ListedTranscript {
  const { host, sessions } = readTranscripts({ ...options, allProjects: false });
  const within = { home: host.home, folder: folderOf(options, host.home) };
  try {
    return findTranscript(sessions, given, within);
  } catch (error) {
    if (!HoldfastError.is(error, 'claude.sessionNotFound')) throw error;
    const cache = new SummaryCache(host.home);
    const all = listTranscripts({ claudeDirectory: host.claudeDirectory }, cache);
    return findTranscript(all, given, within);
  }
}
