import * as vscode from 'vscode';
import type { Disposable } from '../core/common/disposables.ts';
import { createUsageMeter } from '../core/processes/usage.ts';
import { findIdleTasks, idleMessage } from '../core/tasks/idleNotice.ts';
import { processesOf } from '../core/tasks/killTask.ts';
import { claimNotice, isNoticeClaimed } from '../core/tasks/notices.ts';
import type { TaskSnapshot } from '../core/tasks/types.ts';
import type { HoldfastWindow } from './holdfastWindow.ts';
import type { Settings } from './settings.ts';
import { untilWorkbenchAnswers } from './workbench.ts';

const LOOK_EVERY_MS = 60_000;
const HOUR_MS = 60 * 60 * 1000;

/** Tells once of each attempt of a task that runs on without a word: it may hang, or be forgotten. */
export function registerIdleNotices(
  window: HoldfastWindow,
  readSettings: () => Settings,
): Disposable {
  const { feed, host, log } = window;
  const look = async (): Promise<void> => {
    await untilWorkbenchAnswers();
    const nowMs = host.clock.now();
    const idleAfterMs = readSettings().idleNoticeHours * HOUR_MS;
    const task = findIdleTasks(feed.tasks, { nowMs, idleAfterMs }).find(
      (idle) => !isNoticeClaimed(idle, 'idle-never') && !isNoticeClaimed(idle, 'idle'),
    );
    // One at a time; the next minute brings the next.
    if (task === undefined || !claimNotice(task, 'idle')) return;
    await tell(task, idleMessage(task, { nowMs, rssBytes: memoryOf(task) }));
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) => {
      log.warn('idle.notTold', { error });
    });
  }, LOOK_EVERY_MS);
  return {
    dispose: () => {
      clearInterval(timer);
    },
  };
}

async function tell(task: TaskSnapshot, message: string): Promise<void> {
  const [show, kill, never] = ['Show Output', 'Kill', 'Don’t Tell Again'];
  const answer = await vscode.window.showInformationMessage(message, show, kill, never);
  if (answer === show) await vscode.commands.executeCommand('holdfast.tasks.showOutput', task.id);
  if (answer === kill) await vscode.commands.executeCommand('holdfast.tasks.kill', task.id);
  if (answer === never) claimNotice(task, 'idle-never');
}

function memoryOf(task: TaskSnapshot): number | undefined {
  const groups = new Map([[task.id, processesOf(task)]]);
  return createUsageMeter().measure(groups).get(task.id)?.rssBytes;
}
