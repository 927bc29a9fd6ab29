import * as vscode from 'vscode';
import { restartTask as restart } from '../../core/tasks/restartTask.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import { requireTrust } from '../windowFolder.ts';
import type { CommandScope, OpenedWindow } from './commandScope.ts';
import { requireFresh } from './requireFresh.ts';

/** Runs a task again under its id, and says which secrets it now has to do without. */
export async function restartTask(
  scope: CommandScope,
  window: OpenedWindow,
  task: TaskSnapshot,
): Promise<TaskSnapshot> {
  requireTrust();
  const result = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: `Restarting ${task.id}…` },
    () => restart(window.host, requireFresh(window, task.id)),
  );
  window.feed.refresh();
  if (result.missingSecrets.length > 0) {
    const names = result.missingSecrets.slice(0, 5).join(', ');
    scope.log.warn('task.secretsMissing', { id: task.id, names: result.missingSecrets });
    void vscode.window.showWarningMessage(
      `${task.id} runs again without ${names}: secrets are never written to disk, and this window's environment has none of that name.`,
    );
  }
  return result.task;
}
