import { realpathSync } from 'node:fs';
import path from 'node:path';
import { hasExpired, type Approval } from '../permissions/approval.ts';
import type { ApprovedDirectory } from '../permissions/directories.ts';
import { compareFile, type FileChange } from './describeFile.ts';
import type { SessionState } from './sessionState.ts';

/** What became of a directory that the session may use. */
export interface DirectoryState {
  readonly path: string;
  /** moved: the name leads somewhere else than when it was approved, so that the approval is not for it. */
  readonly state: 'ok' | 'missing' | 'moved';
  readonly realPath: string | undefined;
}

export type FilesCheck = Readonly<Record<FileChange, string[]>>;

/** As a person is told of it; what is no directory any more, or cannot be entered, is not there. */
export function directoryState({ directory, check }: ApprovedDirectory): DirectoryState {
  const { kind } = check;
  const realPath = 'realPath' in check ? check.realPath : undefined;
  return { path: directory, state: kind === 'ok' || kind === 'moved' ? kind : 'missing', realPath };
}

/**
 * Compares each file in context with what the session knew. One that lies outside of all permitted directories, in
 * truth and not only by name, is not looked at.
 */
export function checkFiles(
  state: SessionState,
  isPermitted: (realPath: string, path: string) => boolean,
): FilesCheck {
  const result: FilesCheck = { unchanged: [], changed: [], missing: [], 'not permitted': [] };
  for (const file of state.files.values()) {
    const realPath = tryRealPath(file.path);
    // The name of one that is gone is all there is to judge by.
    const judged = realPath ?? path.normalize(file.path);
    const change = isPermitted(judged, file.path) ? compareFile(file) : 'not permitted';
    result[change].push(file.path);
  }
  return result;
}

/** Whether a path lies in one of these directories, which are real paths. */
export function isWithin(realPath: string, directories: readonly string[]): boolean {
  return directories.some((directory) => {
    const relative = path.relative(directory, realPath);
    return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
  });
}

/**
 * The approvals that count no more: those of the session, which forgets them now, and those of the workspace that have
 * expired since `sinceMs`, when the session was last there to see it.
 */
export function expiredApprovals(
  approvals: readonly Approval[],
  { nowMs, sinceMs }: { nowMs: number; sinceMs: number },
): Approval[] {
  return approvals.filter(
    (approval) =>
      hasExpired(approval, nowMs) &&
      (approval.scope === 'session' || (approval.expiresAtMs ?? 0) > sinceMs),
  );
}

function tryRealPath(name: string): string | undefined {
  try {
    return realpathSync.native(name);
  } catch {
    return undefined;
  }
}
