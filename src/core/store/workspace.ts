import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { PRIVATE_DIRECTORY_MODE, storeError, writeFileAtomicSync } from '../common/atomicFile.ts';
import { HoldfastError } from '../common/errors.ts';
import { readJsonSync } from '../common/jsonFile.ts';
import { ensureHome } from './home.ts';

/** The folder (or `.code-workspace` file) that tasks and sessions belong to, and where the store keeps them. */
export interface Workspace {
  readonly home: string;
  /** Real path of the folder. */
  readonly folder: string;
  /** `<home>/workspaces/<slug>-<hash>` */
  readonly directory: string;
}

const workspaceSchema = v.looseObject({
  schema: v.number(),
  folder: v.string(),
  createdAt: v.string(),
});

/** Names the workspace of a folder; creates nothing. The hash is of the real path, so that links lead to one store. */
export function workspaceOf(home: string, folder: string): Workspace {
  const real = realPath(folder);
  const slug = path
    .basename(real)
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, 40);
  const hash = createHash('sha256').update(real).digest('hex').slice(0, 12);
  const directory = path.join(home, 'workspaces', `${slug || 'root'}-${hash}`);
  return { home, folder: real, directory };
}

/**
 * Creates the workspace's directory with its `workspace.json`, unless they are there.
 * @throws HoldfastError `home.unsafe`, `home.notWritable`, `disk.full`.
 */
export function ensureWorkspace(workspace: Workspace, nowMs: number): void {
  ensureHome(workspace.home);
  try {
    for (const name of ['tasks', 'running', 'leases']) {
      mkdirSync(path.join(workspace.directory, name), {
        recursive: true,
        mode: PRIVATE_DIRECTORY_MODE,
      });
    }
  } catch (error) {
    throw storeError(`creating the directory ${workspace.directory}`, error);
  }
  const file = path.join(workspace.directory, 'workspace.json');
  if (existsSync(file)) return;
  const createdAt = new Date(nowMs).toISOString();
  const record = { schema: 1, folder: workspace.folder, createdAt };
  writeFileAtomicSync(file, `${JSON.stringify(record)}\n`);
}

/**
 * The workspace a command line means when none is named: the nearest ancestor of the directory that has a store, else
 * its git root, else the directory itself.
 */
export function findWorkspace(home: string, directory: string): Workspace {
  const ancestors = ancestorsOf(realPath(directory));
  const withStore = ancestors.find((folder) => existsSync(workspaceOf(home, folder).directory));
  const gitRoot = ancestors.find((folder) => existsSync(path.join(folder, '.git')));
  return workspaceOf(home, withStore ?? gitRoot ?? directory);
}

/** Every workspace with a readable `workspace.json` in the home. */
export function listWorkspaces(home: string): Workspace[] {
  const parent = path.join(home, 'workspaces');
  if (!existsSync(parent)) return [];
  return readdirSync(parent).flatMap((name) => {
    const directory = path.join(parent, name);
    const record = readJsonSync(path.join(directory, 'workspace.json'), workspaceSchema);
    return record.kind === 'ok' ? [{ home, folder: record.value.folder, directory }] : [];
  });
}

function ancestorsOf(directory: string): string[] {
  const parent = path.dirname(directory);
  return parent === directory ? [directory] : [directory, ...ancestorsOf(parent)];
}

function realPath(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch (error) {
    throw new HoldfastError('workspace.none', `there is no folder ${folder}`, {
      data: { folder },
      cause: error,
    });
  }
}
