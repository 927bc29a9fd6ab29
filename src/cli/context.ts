import { existsSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../core/common/clock.ts';
import { HoldfastError } from '../core/common/errors.ts';
import { silentLog } from '../core/common/log.ts';
import { ensureHome, resolveHome } from '../core/store/home.ts';
import {
  findWorkspace,
  listWorkspaces,
  workspaceOf,
  type Workspace,
} from '../core/store/workspace.ts';
import { isWatcherAlive } from '../core/tasks/keepers/watcherRecord.ts';
import type { TaskHost } from '../core/tasks/taskHost.ts';

/** The options that every command has. */
export interface CommonOptions {
  readonly workspace?: string;
  readonly json?: boolean;
}

/**
 * What a command works on.
 * @throws HoldfastError `home.unsafe`, `workspace.none`, `task.cwdMissing`.
 */
export function openHost(options: CommonOptions): TaskHost {
  const home = resolveHome(process.env);
  // A command that only reads creates nothing.
  if (existsSync(home)) ensureHome(home);
  return hostFor(chooseWorkspace(home, options.workspace));
}

export function hostFor(workspace: Workspace): TaskHost {
  return {
    workspace,
    scriptsDirectory: findScriptsDirectory(),
    nodeExecutable: process.execPath,
    face: 'cli',
    environment: process.env,
    clock: systemClock,
    log: silentLog,
  };
}

/**
 * `--workspace`, else the one that the editor's terminal is for as long as the shell stays inside its folder, else what
 * the current directory belongs to.
 */
export function chooseWorkspace(home: string, option: string | undefined): Workspace {
  if (option !== undefined) return namedWorkspace(home, absolutePath(option));
  const directory = currentDirectory();
  const ofTerminal = process.env['HOLDFAST_WORKSPACE'];
  if (ofTerminal && existsSync(ofTerminal) && isInside(directory, ofTerminal)) {
    return workspaceOf(home, ofTerminal);
  }
  return findWorkspace(home, directory);
}

/** Where an absolute path is named, it does not matter that the current directory may be gone. */
export function absolutePath(folder: string): string {
  return path.isAbsolute(folder)
    ? path.normalize(folder)
    : path.resolve(currentDirectory(), folder);
}

/** Of a folder that is gone, what was kept of it can still be had. */
function namedWorkspace(home: string, folder: string): Workspace {
  try {
    return workspaceOf(home, folder);
  } catch (error) {
    const kept = listWorkspaces(home).find((workspace) => workspace.folder === folder);
    if (kept !== undefined) return kept;
    throw error;
  }
}

/** @throws HoldfastError `task.cwdMissing` when the directory we were started in has been deleted. */
export function currentDirectory(): string {
  try {
    return process.cwd();
  } catch (error) {
    const cwd = process.env['PWD'] ?? '';
    throw new HoldfastError('task.cwdMissing', `there is no directory ${cwd} any more`, {
      data: { cwd, isOurs: true },
      cause: error,
    });
  }
}

/** The watcher holds logs to their bound; if it was killed, whoever looks in next starts another. */
export async function reviveWatcher(host: TaskHost): Promise<void> {
  if (!hasRunningMarkers(host.workspace) || isWatcherAlive(host.workspace)) return;
  // Only now: what starts processes takes longer to load than most commands take to run.
  const { ensureWatcher } = await import('../core/tasks/keepers/watcher.ts');
  await ensureWatcher(host);
}

function hasRunningMarkers(workspace: Workspace): boolean {
  try {
    return readdirSync(path.join(workspace.directory, 'running')).length > 0;
  } catch {
    return false;
  }
}

/** The scripts lie beside the bundle; in a source tree they have a folder of their own. */
export function findScriptsDirectory(): string {
  const own = import.meta.dirname;
  return existsSync(path.join(own, 'keeper.sh')) ? own : path.resolve(own, '../keeper');
}

function isInside(directory: string, folder: string): boolean {
  const relative = path.relative(realpathSync(folder), realpathSync(directory));
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
