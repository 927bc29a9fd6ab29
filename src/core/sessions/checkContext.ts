import { realpathSync } from 'node:fs';
import path from 'node:path';
import { compareFile, type FileChange } from './describeFile.ts';
import type { Permission, SessionState } from './sessionState.ts';

/** What became of a directory that the session may use. */
export interface DirectoryCheck {
  readonly path: string;
  /** moved: the name leads somewhere else than when it was approved, so that the approval is not for it. */
  readonly state: 'ok' | 'missing' | 'moved';
  readonly realPath: string | undefined;
}

export type FilesCheck = Readonly<Record<FileChange, string[]>>;

/** Each approved directory by its real path. */
export function checkDirectories(state: SessionState): DirectoryCheck[] {
  return [...state.permissions.values()].flatMap((permission) =>
    permission.directory === undefined || permission.decision !== 'allow'
      ? []
      : [checkDirectory(permission.directory, permission.realPath)],
  );
}

export function checkDirectory(directory: string, approved: string | undefined): DirectoryCheck {
  const realPath = tryRealPath(directory);
  if (realPath === undefined) return { path: directory, state: 'missing', realPath };
  const isMoved = realPath !== (approved ?? directory);
  return { path: directory, state: isMoved ? 'moved' : 'ok', realPath };
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

/** The approvals that are past their age; those without one of their own expire after `maxAgeDays`. */
export function expiredPermissions(
  state: SessionState,
  { nowMs, maxAgeDays }: { nowMs: number; maxAgeDays: number },
): Permission[] {
  const maxAgeMs = maxAgeDays * 24 * 60 * 60 * 1000;
  return [...state.permissions.values()].filter(
    ({ decision, givenAtMs, expiresAtMs }) =>
      // What was denied stays denied.
      decision === 'allow' && nowMs >= (expiresAtMs ?? givenAtMs + maxAgeMs),
  );
}

function tryRealPath(name: string): string | undefined {
  try {
    return realpathSync.native(name);
  } catch {
    return undefined;
  }
}
