import { realpathSync, statSync } from 'node:fs';
import { systemErrorCode } from '../common/errors.ts';
import { hasExpired, type Approval } from './approval.ts';
import { foldCase } from './places.ts';

/** What became of a working or approved directory; `reason` is for a person. */
export type DirectoryCheck =
  | { readonly kind: 'ok'; readonly realPath: string }
  | { readonly kind: 'missing'; readonly reason: string }
  | { readonly kind: 'notDirectory'; readonly reason: string }
  | { readonly kind: 'moved'; readonly realPath: string; readonly reason: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * Whether a directory is still there, still a directory, and still the one that was meant: `expectedRealPath` is where
 * it led when it was approved. A link that leads elsewhere by now is not approved.
 */
export function checkDirectory(directory: string, expectedRealPath?: string): DirectoryCheck {
  let realPath: string;
  try {
    realPath = realpathSync.native(directory);
    if (!statSync(realPath).isDirectory()) {
      return { kind: 'notDirectory', reason: `${directory} is not a directory any more` };
    }
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOTDIR')
      return { kind: 'notDirectory', reason: `${directory} is not a directory any more` };
    return code === 'ENOENT'
      ? { kind: 'missing', reason: `${directory} is not there any more` }
      : { kind: 'unreadable', reason: `${directory} cannot be entered (${code ?? 'unknown'})` };
  }
  if (expectedRealPath !== undefined && foldCase(realPath) !== foldCase(expectedRealPath)) {
    const reason = `${directory} led to ${expectedRealPath} and leads to ${realPath} now`;
    return { kind: 'moved', realPath, reason };
  }
  return { kind: 'ok', realPath };
}

/** A directory that is approved now, and what became of it. */
export interface ApprovedDirectory {
  readonly approval: Approval;
  readonly directory: string;
  readonly check: DirectoryCheck;
}

/** Looks at each directory that is approved now; one whose approval does not say where it led must lead nowhere else. */
export function approvedDirectories(
  approvals: readonly Approval[],
  nowMs: number,
): ApprovedDirectory[] {
  return approvals.flatMap((approval) => {
    const { directory, realPath, decision } = approval;
    if (directory === undefined || decision !== 'allow') return [];
    if (hasExpired(approval, nowMs)) return [];
    return [{ approval, directory, check: checkDirectory(directory, realPath ?? directory) }];
  });
}

/** The real paths of those that are still what was approved. */
export function usableDirectories(directories: readonly ApprovedDirectory[]): string[] {
  return directories.flatMap(({ check }) => (check.kind === 'ok' ? [check.realPath] : []));
}
