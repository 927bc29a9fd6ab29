import path from 'node:path';
import { execa } from 'execa';
import { readSmallFileSync } from '../../common/jsonFile.ts';
import { currentBootId, isAlive } from '../../processes/identity.ts';
import { userEnvironment } from '../environment.ts';
import { DEFAULT_SHELL, type TaskHost } from '../taskHost.ts';
import { findPunchMethod } from './punchMethod.ts';

/** Whether the workspace's watcher (keeper/watch.sh) lives. */
export function isWatcherAlive(host: TaskHost): boolean {
  const line = readSmallFileSync(path.join(host.workspace.directory, 'watcher'))?.trim() ?? '';
  const [pid = '', startTime = '', bootId = ''] = line.split(' ');
  return /^\d+$/.test(pid) && isAlive({ pid: Number(pid), startTime, bootId });
}

/** Starts the workspace's watcher unless it runs. Two of them sort it out between themselves. */
export async function ensureWatcher(host: TaskHost): Promise<void> {
  if (process.platform === 'win32' || isWatcherAlive(host)) return;
  const punchMethod = (await findPunchMethod(host.workspace.home)) ?? 'none';
  const { directory } = host.workspace;
  const script = path.join(host.scriptsDirectory, 'watch.sh');
  const watcher = execa(
    host.keeperShell ?? DEFAULT_SHELL,
    [script, directory, currentBootId(), punchMethod, host.scriptsDirectory],
    {
      cwd: '/',
      detached: true,
      cleanup: false,
      reject: false,
      buffer: false,
      stdio: 'ignore',
      extendEnv: false,
      env: userEnvironment(host.environment),
    },
  );
  watcher.unref();
  void watcher.catch((error: unknown) => {
    host.log.warn('watcher.startFailed', { message: String(error) });
  });
}
