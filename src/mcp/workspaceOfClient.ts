import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { HoldfastError } from '../core/common/errors.ts';
import { findWorkspace, workspaceOf, type Workspace } from '../core/store/workspace.ts';

/** Where a client works: its tasks belong to the workspace, and its first command runs in the root. */
export interface ClientPlace {
  readonly workspace: Workspace;
  readonly root: string;
}

export interface PlaceRequest {
  readonly home: string;
  /** `--workspace`, as an absolute path. */
  readonly option: string | undefined;
  /** What the client answered to `roots/list`. */
  readonly rootUris: readonly string[];
  readonly cwd: string;
}

/**
 * The workspace of a client: the one it was started for, else that of the first of its roots that is a directory here,
 * else that of the directory it started us in.
 */
export function placeOfClient({ home, option, rootUris, cwd }: PlaceRequest): ClientPlace {
  const root = rootUris.flatMap((uri) => directoryOf(uri) ?? [])[0];
  if (option !== undefined) return { workspace: workspaceOf(home, option), root: root ?? option };
  const directory = root ?? cwd;
  return { workspace: findWorkspace(home, directory), root: directory };
}

/** @throws HoldfastError `workspace.none`. */
export function requireWorkspaceOption(directory: string): string {
  if (existsSync(directory)) return directory;
  throw new HoldfastError('workspace.none', `there is no folder ${directory}`, {
    data: { folder: directory },
  });
}

function directoryOf(uri: string): string | undefined {
  if (!uri.startsWith('file://')) return undefined;
  try {
    const directory = fileURLToPath(uri);
    return statSync(directory).isDirectory() ? directory : undefined;
  } catch {
    // Of another machine, or gone.
    return undefined;
  }
}
