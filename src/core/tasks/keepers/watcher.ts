import path from 'node:path';
import { execa } from 'execa';
import { currentBootId } from '../../processes/identity.ts';
import { userEnvironment } from '../environment.ts';
import { DEFAULT_SHELL, type TaskHost } from '../taskHost.ts';
import { findPunchMethod } from './punchMethod.ts';
import { isWatcherAlive } from './watcherRecord.ts';

/** Starts the workspace's watcher unless it runs. Two of them sort it out between themselves. */
export async function ensureWatcher(host: TaskHost): Promise<void> {
  if (process.platform === 'win32' || isWatcherAlive(host.workspace)) return;
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
