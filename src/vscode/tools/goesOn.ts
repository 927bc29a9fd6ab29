import * as vscode from 'vscode';
import type { HoldfastWindow } from '../holdfastWindow.ts';
import { taskName } from '../../core/tasks/describeTask.ts';

/** Asks what is to become of a command whose answer nobody waits for any more. Until then it goes on. */
export function tellGoesOn({ feed }: HoldfastWindow, id: string): void {
  feed.refresh();
  const task = feed.get(id);
  if (task?.status !== 'running') return;
  const kill = `Kill ${id}`;
  const show = 'Show Output';
  void vscode.window
    .showWarningMessage(
      `Stopped. The command goes on in the background as ${id}: ${taskName(task)}`,
      kill,
      show,
    )
    .then((answer) => {
      if (answer === kill) return vscode.commands.executeCommand('holdfast.tasks.kill', id);
      if (answer === show) return vscode.commands.executeCommand('holdfast.tasks.showOutput', id);
      return undefined;
    });
}
