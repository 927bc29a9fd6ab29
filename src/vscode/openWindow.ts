import path from 'node:path';
import type * as vscode from 'vscode';
import { systemClock } from '../core/common/clock.ts';
import { DisposableStore } from '../core/common/disposables.ts';
import type { Log } from '../core/common/log.ts';
import { resolveHome } from '../core/store/home.ts';
import { ensureWorkspace, workspaceOf } from '../core/store/workspace.ts';
import { takeLease } from '../core/tasks/leases.ts';
import { TaskFeed } from '../core/tasks/taskFeed.ts';
import type { TaskHost } from '../core/tasks/taskHost.ts';
import type { HoldfastWindow } from './holdfastWindow.ts';
import type { Settings } from './settings.ts';
import { requireWindowFolder } from './windowFolder.ts';

/**
 * Opens the store of the window's workspace and reads its tasks. Dispose it with its `disposables`.
 * @throws HoldfastError `workspace.none`, `workspace.virtual`, `settings.outOfRange`, `home.unsafe`,
 *   `home.notWritable`, `disk.full`.
 */
export function openHoldfastWindow(
  context: vscode.ExtensionContext,
  log: Log,
  settings: Settings,
): HoldfastWindow {
  const folder = requireWindowFolder();
  const workspace = workspaceOf(resolveHome(process.env, settings.home), folder);
  const host: TaskHost = {
    workspace,
    scriptsDirectory: path.join(context.extensionPath, 'dist'),
    nodeExecutable: process.execPath,
    face: 'vscode',
    environment: process.env,
    clock: systemClock,
    log,
  };
  ensureWorkspace(workspace, host.clock.now());
  // Never given back: it is good while this process lives, and a reload is not the end of the user's interest.
  takeLease(workspace);
  const startedAtMs = performance.now();
  const disposables = new DisposableStore();
  const feed = disposables.add(new TaskFeed(host));
  const durationMs = Math.round(performance.now() - startedAtMs);
  log.info('window.opened', { folder: workspace.folder, durationMs });
  void feed.loaded.then(() => {
    log.info('tasks.loaded', {
      tasks: feed.tasks.length,
      afterMs: Math.round(performance.now() - startedAtMs),
    });
  });
  return { host, feed, log, disposables };
}
