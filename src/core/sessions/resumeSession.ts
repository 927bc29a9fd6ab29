import { existsSync } from 'node:fs';
import type { Disposable } from '../common/disposables.ts';
import { HoldfastError } from '../common/errors.ts';
import type { Approval } from '../permissions/approval.ts';
import {
  approvedDirectories,
  checkDirectory,
  usableDirectories,
} from '../permissions/directories.ts';
import { branchSession } from './branchSession.ts';
import {
  checkFiles,
  directoryState,
  expiredApprovals,
  isWithin,
  type DirectoryState,
  type FilesCheck,
} from './checkContext.ts';
import { Journal } from './journal.ts';
import { JOURNAL_VERSION } from './journalLines.ts';
import { heldElsewhere, takeSessionLease, type LeaseHolder } from './sessionLease.ts';
import { untoldDamage, type SessionState } from './sessionState.ts';
import type { SessionStore } from './sessionStore.ts';
import { reattachTasks, type ReattachedTask } from './sessionTasks.ts';

export interface ResumeOptions {
  /** Whether the session may still read a file; inside the workspace or an approved directory unless given. */
  readonly isPermitted?: (realPath: string, path: string) => boolean;
  /** What to do when another live process has it open: go on in a copy (the default), or fail. */
  readonly ifHeld?: 'branch' | 'fail';
}

/** A session that this process has taken up. */
export interface ResumedSession {
  readonly journal: Journal;
  readonly summary: ResumeSummary;
  /** To be disposed of when the process lets go of the session. */
  readonly lease: Disposable;
}

/** What a person should know who comes back to a session. */
export interface ResumeSummary {
  readonly sessionId: string;
  readonly title: string | undefined;
  /** Set when the session that was asked for is open elsewhere, and this one is its copy. */
  readonly branchedFrom: string | undefined;
  readonly heldBy: LeaseHolder | undefined;
  readonly lastActiveMs: number | undefined;
  readonly messageCount: number;
  /** Where its commands run now: the workspace's folder if its own directory is gone. */
  readonly cwd: string;
  readonly missingCwd: string | undefined;
  /** Those that the session or the workspace has approved. */
  readonly directories: readonly DirectoryState[];
  readonly files: FilesCheck;
  /** Of the session, and those of the workspace that have expired since. */
  readonly expiredPermissions: readonly Approval[];
  /** Those that run, and those whose end nobody has seen yet. */
  readonly tasks: readonly ReattachedTask[];
  /** Names of tools that were asked for when the session broke off. */
  readonly openToolCalls: readonly string[];
  readonly damage: SessionState['damage'];
  /** Whether anything of the above is worth a person's time. */
  readonly hasNews: boolean;
}

/**
 * Takes a session up again: checks what it relied on, drops what has expired, finds its tasks, and starts nothing.
 * @throws HoldfastError `session.notFound`, `session.damaged`, `session.newerVersion`, `session.directoryGone`,
 *   `session.heldElsewhere` (only with `ifHeld: 'fail'`), `disk.full`, `home.notWritable`.
 */
export function resumeSession(
  store: SessionStore,
  id: string,
  options: ResumeOptions = {},
): ResumedSession {
  const { host } = store;
  requireResumable(store.fold(id).state);
  requireFolder(id, host.workspace.folder);
  const outcome = takeSessionLease(host, id);
  if (outcome.kind === 'taken') return takeUp(store, id, { ...options, lease: outcome.lease });
  const { holder } = outcome;
  if (options.ifHeld === 'fail') throw heldElsewhere(id, holder);
  const copy = branchSession(store, id);
  const own = takeSessionLease(host, copy);
  if (own.kind === 'held') throw heldElsewhere(copy, own.holder);
  return takeUp(store, copy, { ...options, lease: own.lease, branchedFrom: id, heldBy: holder });
}

/**
 * Takes up the session that was last active, by the events in its journal.
 * @throws HoldfastError `session.none`, and as {@link resumeSession}.
 */
export function continueSession(store: SessionStore, options: ResumeOptions = {}): ResumedSession {
  const [latest] = store.list().sessions;
  if (latest === undefined) {
    throw new HoldfastError('session.none', 'there is no session in this workspace');
  }
  return resumeSession(store, latest.id, options);
}

/** @throws HoldfastError `session.damaged`, `session.newerVersion`. */
export function requireResumable(state: SessionState): void {
  const { id, lineCount, newestVersion } = state;
  if (lineCount === 0) {
    const reason = 'its journal has no readable line';
    throw new HoldfastError('session.damaged', `${id}: ${reason}`, { data: { id, reason } });
  }
  if (newestVersion > JOURNAL_VERSION) {
    throw new HoldfastError('session.newerVersion', `${id} has version ${newestVersion}`, {
      data: { id, version: newestVersion },
    });
  }
}

/** Without it there is nothing to work in. A lost directory of the session's own is only told. */
function requireFolder(id: string, folder: string): void {
  if (existsSync(folder)) return;
  throw new HoldfastError('session.directoryGone', `${folder} is gone`, { data: { id, folder } });
}

type TakeUp = ResumeOptions & {
  readonly lease: Disposable;
  readonly branchedFrom?: string;
  readonly heldBy?: LeaseHolder;
};

function takeUp(store: SessionStore, id: string, options: TakeUp): ResumedSession {
  const { lease } = options;
  try {
    const journal = new Journal(store.host, id);
    return { journal, lease, summary: checkAndNote(store, journal, options) };
  } catch (error) {
    lease.dispose();
    throw error;
  }
}

function checkAndNote(store: SessionStore, journal: Journal, options: TakeUp): ResumeSummary {
  const { host } = store;
  const { state } = store.fold(journal.id);
  const { lastActiveMs, messageCount, title } = state;
  const damage = untoldDamage(state);
  const openToolCalls = [...state.openToolCalls.values()];
  const nowMs = host.clock.now();
  const approvals = store.approvals(state);
  const expired = expiredApprovals(approvals, { nowMs, sinceMs: lastActiveMs ?? 0 });
  const approved = approvedDirectories(approvals, nowMs);
  const moved = approved.flatMap(({ approval, check }) => (check.kind === 'moved' ? approval : []));
  const roots = [host.workspace.folder, ...usableDirectories(approved)];
  const files = checkFiles(state, options.isPermitted ?? ((real) => isWithin(real, roots)));
  const cwd = state.cwd ?? host.workspace.folder;
  const isCwdMissing = checkDirectory(cwd).kind !== 'ok';
  const tasks = reattachTasks(host, journal, state);

  forget(journal, expired, 'expiry');
  forget(journal, moved, 'resume');
  journal.append({ type: 'resumed', by: host.face, pid: process.pid });
  const summary = {
    sessionId: journal.id,
    title,
    branchedFrom: options.branchedFrom,
    heldBy: options.heldBy,
    lastActiveMs,
    messageCount,
    cwd: isCwdMissing ? host.workspace.folder : cwd,
    missingCwd: isCwdMissing ? cwd : undefined,
    directories: approved.map(directoryState),
    files,
    expiredPermissions: expired,
    tasks,
    openToolCalls,
    damage,
  };
  return { ...summary, hasNews: hasNews(summary) };
}

/** Takes back approvals of the session. Those of the workspace are not the session's to take away. */
function forget(journal: Journal, approvals: readonly Approval[], by: string): void {
  for (const { rule, directory, scope } of approvals) {
    if (scope !== 'session') continue;
    const subject = directory === undefined ? { rule: rule ?? '' } : { directory };
    journal.append({ type: 'permission', ...subject, revoke: true, by });
  }
}

function hasNews(summary: Omit<ResumeSummary, 'hasNews'>): boolean {
  const { files, damage } = summary;
  const counts = [
    summary.tasks.length,
    summary.expiredPermissions.length,
    summary.openToolCalls.length,
    summary.directories.filter(({ state }) => state !== 'ok').length,
    files.changed.length + files.missing.length + files['not permitted'].length,
    damage.unreadableLines + damage.missingLines,
  ];
  return (
    counts.some((count) => count > 0) ||
    damage.isHeaderMissing ||
    summary.branchedFrom !== undefined ||
    summary.missingCwd !== undefined
  );
}
