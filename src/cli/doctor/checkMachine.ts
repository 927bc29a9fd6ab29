import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { release } from 'node:os';
import path from 'node:path';
import { userMessageFor } from '../../core/common/userMessage.ts';
import { ensureHome } from '../../core/store/home.ts';
import { formatSize } from '../../core/tasks/describeTask.ts';
import { findPunchMethod } from '../../core/tasks/keepers/punchMethod.ts';
import type { TaskHost } from '../../core/tasks/taskHost.ts';
import { fail, ok, warn, type Check } from './check.ts';

const MIN_NODE_MAJOR = 20;
const LOW_SPACE_BYTES = 1024 * 1024 * 1024;
const NO_SPACE_BYTES = 20 * 1024 * 1024;

export function checkNode(version = process.versions.node): Check {
  const major = Number(version.split('.')[0]);
  return major >= MIN_NODE_MAJOR
    ? ok('node', `Node ${version}`)
    : fail('node', `Node ${version} is too old`, `Install Node ${MIN_NODE_MAJOR} or later.`);
}

export function checkPlatform(): Check {
  const name = `${process.platform} ${release()} ${process.arch}`;
  const isKnown = ['linux', 'darwin', 'win32'].includes(process.platform);
  return isKnown ? ok('platform', name) : warn('platform', `${name} has not been tried`);
}

/** Creates the home if need be, since whether that works is what we want to know. */
export function checkHome(home: string): Check {
  try {
    ensureHome(home);
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
    return ok('home', home);
  } catch (error) {
    const { message, hint } = userMessageFor(error);
    const isOurs = hint !== undefined;
    return fail(
      'home',
      isOurs ? message : `${home} cannot be used: ${String(error)}`,
      hint ?? 'Check its permissions, or set HOLDFAST_HOME.',
    );
  }
}

export function checkSpace(home: string): Check {
  if (!existsSync(home)) return warn('disk', `there is no ${home} to measure`);
  const { bavail, bsize } = statfsSync(home);
  const freeBytes = bavail * bsize;
  const message = `${formatSize(freeBytes)} free for output`;
  const fix = 'Make room; `holdfast prune` deletes the logs of old tasks.';
  if (freeBytes < NO_SPACE_BYTES) return fail('disk', message, fix);
  return freeBytes < LOW_SPACE_BYTES ? warn('disk', message, fix) : ok('disk', message);
}

export function checkScripts(host: TaskHost): Check {
  const folder = host.scriptsDirectory;
  const names =
    process.platform === 'win32' ? ['keeper.cjs'] : ['keeper.sh', 'watch.sh', 'stop.sh'];
  const missing = names.filter((name) => !existsSync(path.join(folder, name)));
  return missing.length === 0
    ? ok('scripts', folder)
    : fail('scripts', `${folder} lacks ${missing.join(', ')}`, 'Install Holdfast again.');
}

/** How the front of a long log is given back to the disk while its writer goes on. */
export async function checkPunchMethod(home: string): Promise<Check> {
  if (process.platform === 'win32') return ok('log bound', 'kept by the Node keeper');
  const method = await findPunchMethod(home);
  return method === undefined
    ? warn(
        'log bound',
        'holes cannot be punched into files here, so the slower Node keeper holds tasks',
        'Install util-linux (fallocate), or put HOLDFAST_HOME on a file system with sparse files.',
      )
    : ok('log bound', `by ${method}`);
}
