import * as vscode from 'vscode';
import type { Disposable } from '../core/common/disposables.ts';
import { endedSince, seenRecordOf, summariseAway } from '../core/tasks/awaySummary.ts';
import { countLines } from '../core/tasks/output.ts';
import type { TaskSnapshot } from '../core/tasks/types.ts';
import type { HoldfastWindow } from './holdfastWindow.ts';
import { takeSeen, writeSeen } from './seenFile.ts';
import { untilWorkbenchAnswers } from './workbench.ts';

const WRITE_EVERY_MS = 2000;

/** Says once what the tasks did while no window showed them, and from then on remembers what this one has shown. */
export function registerWhileAway(
  window: HoldfastWindow,
  onEndedWhileAway: (tasks: readonly TaskSnapshot[]) => void,
): Disposable {
  const { feed, host, log } = window;
  // What was seen is taken and written only when all tasks are known: one not read yet would count as new next time.
  const told = feed.loaded.then(() => {
    tellWhatHappened(window, onEndedWhileAway);
  });
  told.catch((error: unknown) => {
    log.warn('away.notTold', { error });
  });

  let hasChanged = true;
  let isBusy = false;
  const remember = async (): Promise<void> => {
    if (!hasChanged || isBusy) return;
    hasChanged = false;
    isBusy = true;
    try {
      await told.catch(() => undefined);
      const record = seenRecordOf(feed.tasks, host.clock.now());
      // Seen is only what was there when the window last answered.
      await untilWorkbenchAnswers();
      writeSeen(host.workspace, record);
    } catch (error) {
      log.debug('seen.notWritten', { error });
    } finally {
      isBusy = false;
    }
  };
  void remember();
  const subscription = feed.onDidChange((change) => {
    hasChanged = true;
    const isMoreThanOutput = change.ended.length + change.added.length + change.removed.length > 0;
    if (isMoreThanOutput) void remember();
  });
  const timer = setInterval(() => void remember(), WRITE_EVERY_MS);
  return {
    dispose: () => {
      clearInterval(timer);
      subscription.dispose();
    },
  };
}

function tellWhatHappened(
  { feed, host, log }: HoldfastWindow,
  onEndedWhileAway: (tasks: readonly TaskSnapshot[]) => void,
): void {
  const seen = takeSeen(host.workspace);
  if (seen === undefined) return;
  onEndedWhileAway(endedSince(seen, feed.tasks));
  const summary = summariseAway(seen, feed.tasks, {
    nowMs: host.clock.now(),
    countNewLines: (task, fromOffset) => tryCountLines(task, fromOffset),
  });
  if (summary === undefined) return;
  log.info('away.told', { summary });
  void vscode.window.showInformationMessage(summary, 'Show Tasks').then((answer) => {
    if (answer !== undefined) return vscode.commands.executeCommand('holdfast.tasks.list');
    return undefined;
  });
}

/** A log that was deleted has no lines. */
function tryCountLines(task: TaskSnapshot, fromOffset: number): number {
  try {
    return countLines(task.directory, fromOffset);
  } catch {
    return 0;
  }
}
