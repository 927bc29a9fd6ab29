import { statSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomicSync } from '../core/common/atomicFile.ts';
import type { Disposable } from '../core/common/disposables.ts';
import { ensureWatcher } from '../core/tasks/keepers/watcher.ts';
import { finishRemovals, pruneTasks } from '../core/tasks/pruneTasks.ts';
import type { HoldfastWindow } from './holdfastWindow.ts';
import { retentionOf, type Settings } from './settings.ts';

const LOOK_EVERY_MS = 30_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What somebody has to see to now and then: that running tasks are watched, and that old ones are pruned. */
export function registerUpkeep(window: HoldfastWindow, readSettings: () => Settings): Disposable {
  const look = (): void => {
    reviveWatcher(window);
    pruneDaily(window, readSettings);
  };
  // The watcher holds logs to their bound, so it is not left waiting; pruning is, as the window is still opening.
  reviveWatcher(window);
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    dispose: () => {
      clearInterval(timer);
    },
  };
}

function reviveWatcher({ feed, host, log }: HoldfastWindow): void {
  const isNeeded = feed.tasks.some(({ status, keeper }) => status === 'running' && keeper === 'sh');
  if (!isNeeded) return;
  ensureWatcher(host).catch((error: unknown) => {
    log.warn('watcher.notStarted', { error });
  });
}

/** A file's age tells all windows when it was last done. */
function pruneDaily({ host, feed, log }: HoldfastWindow, readSettings: () => Settings): void {
  const nowMs = host.clock.now();
  const mark = path.join(host.workspace.directory, 'pruned');
  const lastMs = statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (Math.abs(nowMs - lastMs) < DAY_MS) return;
  try {
    writeFileAtomicSync(mark, '');
    finishRemovals(host.workspace);
    const pruned = pruneTasks(host.workspace, retentionOf(readSettings()), nowMs);
    log.info('tasks.pruned', { count: pruned.length });
    feed.refresh();
  } catch (error) {
    log.warn('tasks.notPruned', { error });
  }
}
