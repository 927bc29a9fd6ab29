import { statSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { writeFileAtomicSync } from '../../core/common/atomicFile.ts';
import type { Disposable } from '../../core/common/disposables.ts';
import type { SessionWindow } from './sessionWindow.ts';

/** The window has opened by then, and its user has come to rest. */
const FIRST_LOOK_MS = 90_000;
const LOOK_EVERY_MS = 10 * 60_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Prunes old sessions and compresses long ones, once a day for all windows together. */
export function registerSessionUpkeep(sessions: SessionWindow): Disposable {
  let timer = setTimeout(function look(): void {
    void cleanUpDaily(sessions);
    timer = setTimeout(look, LOOK_EVERY_MS);
  }, FIRST_LOOK_MS);
  return {
    dispose: () => {
      clearTimeout(timer);
    },
  };
}

/** Does it if nobody has today: a file's age tells all windows when it was last done. */
export async function cleanUpDaily(sessions: SessionWindow): Promise<void> {
  const { host, log } = sessions.window;
  const nowMs = host.clock.now();
  const mark = path.join(host.workspace.directory, 'sessions-pruned');
  const lastMs = statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (Math.abs(nowMs - lastMs) < DAY_MS) return;
  try {
    writeFileAtomicSync(mark, '');
    const { stdout } = await cleanUp(sessions);
    log.info('sessions.cleanedUp', { result: stdout.slice(0, 2000) });
    sessions.feed.refresh();
  } catch (error) {
    log.warn('sessions.notCleanedUp', { error });
  }
}

/** In a process of its own: compressing a journal of 100 MB would hold up every extension for seconds. */
function cleanUp({ window: { host }, readSettings }: SessionWindow): Promise<{ stdout: string }> {
  const { home, folder } = host.workspace;
  const days = String(readSettings().sessionRetentionDays);
  const cli = path.join(host.scriptsDirectory, 'cli.cjs');
  return execa(
    host.nodeExecutable,
    [cli, 'sessions', 'prune', '--days', days, '--workspace', folder, '--json'],
    { env: { ELECTRON_RUN_AS_NODE: '1', HOLDFAST_HOME: home }, stdin: 'ignore' },
  );
}
