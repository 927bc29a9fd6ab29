import * as vscode from 'vscode';
import { HoldfastError } from '../../core/common/errors.ts';
import { pruneTasks, removeTask, renameTask } from '../../core/tasks/pruneTasks.ts';
import { readTask } from '../../core/tasks/readTask.ts';
import { taskDirectoryAt } from '../../core/tasks/taskDirectory.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import { retentionOf } from '../settings.ts';
import { registerCommand, type CommandScope } from './commandScope.ts';
import { outputToCopy } from './copyOutput.ts';
import { killTasks } from './killTasks.ts';
import { listTasks } from './listTasks.ts';
import { restartTask } from './restartTask.ts';
import { runTask } from './runTask.ts';
import { taskFor, tasksFor } from './taskArgument.ts';
import { isUnasked } from './isUnasked.ts';

const isRunning = (task: TaskSnapshot): boolean => task.status === 'running';
const isFinished = (task: TaskSnapshot): boolean => !isRunning(task);

/** The commands that start, show and end tasks. Each takes an id, a tree item or nothing, and then asks. */
export function registerTaskCommands(scope: CommandScope): vscode.Disposable[] {
  return [
    registerCommand(scope, 'holdfast.tasks.run', (argument) => runTask(scope, argument)),
    registerCommand(scope, 'holdfast.tasks.list', () => {
      // The list stays open until it is used; whoever called does not wait for that.
      void listTasks(scope).catch(scope.messages.showError);
    }),
    registerCommand(scope, 'holdfast.tasks.kill', async (...args) => {
      const window = scope.open();
      const question = 'Kill which task?';
      const tasks = await tasksFor(window, args, { question, fits: isRunning });
      return tasks && (await killTasks(window, tasks)).map(({ id, status }) => ({ id, status }));
    }),
    registerCommand(scope, 'holdfast.tasks.restart', async (...args) => {
      const window = scope.open();
      const tasks = await tasksFor(window, args, { question: 'Restart which task?' });
      const restarted = tasks?.map((task) => restartTask(scope, window, task));
      return restarted && (await Promise.all(restarted)).map(({ id, status }) => ({ id, status }));
    }),
    registerCommand(scope, 'holdfast.tasks.showOutput', async (...args) => {
      const window = scope.open();
      const task = await taskFor(window, args, { question: 'Show the output of which task?' });
      if (task !== undefined) window.channels.show(task.id);
    }),
    registerCommand(scope, 'holdfast.tasks.copyOutput', async (...args) => {
      const window = scope.open();
      const task = await taskFor(window, args, { question: 'Copy the output of which task?' });
      if (task !== undefined) await copyOutput(task);
    }),
  ];
}

/** The commands that look after what tasks leave on disk. */
export function registerTaskFileCommands(scope: CommandScope): vscode.Disposable[] {
  return [
    registerCommand(scope, 'holdfast.tasks.openLog', async (...args) => {
      const window = scope.open();
      const task = await taskFor(window, args, { question: 'Open the log of which task?' });
      if (task !== undefined) await openLog(task);
    }),
    registerCommand(scope, 'holdfast.tasks.revealDirectory', async (...args) => {
      const window = scope.open();
      const task = await taskFor(window, args, { question: 'Reveal the directory of which task?' });
      if (task !== undefined) await revealDirectory(task);
    }),
    registerCommand(scope, 'holdfast.tasks.rename', async (...args) => {
      const window = scope.open();
      const task = await taskFor(window, args, { question: 'Rename which task?' });
      if (task === undefined) return;
      const [, given] = args;
      const title = typeof given === 'string' ? given : await askTitle(task);
      if (title === undefined) return;
      renameTask(task, title);
      window.feed.refresh();
    }),
    registerCommand(scope, 'holdfast.tasks.remove', async (...args) => {
      const window = scope.open();
      const question = 'Remove which finished task?';
      const tasks = await tasksFor(window, args, { question, fits: isFinished });
      for (const task of tasks ?? []) removeTask(task);
      window.feed.refresh();
      return tasks?.map(({ id }) => id);
    }),
    registerCommand(scope, 'holdfast.tasks.removeFinished', async (options) => {
      const window = scope.open();
      const finished = window.feed.tasks.filter(isFinished);
      if (finished.length === 0) {
        void vscode.window.showInformationMessage('There are no finished background tasks.');
        return [];
      }
      if (!isUnasked(options) && !(await confirmRemoval(finished.length))) return [];
      // The answer may have taken a while, and others work on the same tasks.
      const nowMs = window.host.clock.now();
      const still = finished.flatMap(({ directory }) => readTask(directory, nowMs) ?? []);
      const removed = still.filter(isFinished);
      for (const task of removed) removeTask(task);
      window.feed.refresh();
      return removed.map(({ id }) => id);
    }),
    registerCommand(scope, 'holdfast.tasks.pruneNow', () => {
      const window = scope.open();
      const retention = retentionOf(scope.readSettings());
      const pruned = pruneTasks(window.host.workspace, retention, window.host.clock.now());
      window.feed.refresh();
      const age = `${retention.maxAgeDays} days`;
      void vscode.window.showInformationMessage(
        pruned.length === 0
          ? `Nothing to prune: no finished task is older than ${age}.`
          : `Pruned ${pruned.length} finished ${pruned.length === 1 ? 'task' : 'tasks'}.`,
      );
      return pruned.map(({ id }) => id);
    }),
  ];
}

async function copyOutput(task: TaskSnapshot): Promise<void> {
  const { text, missingBytes } = outputToCopy(task);
  if (text === '') {
    void vscode.window.showInformationMessage(`${task.id} has written nothing yet.`);
    return;
  }
  await vscode.env.clipboard.writeText(text);
  if (missingBytes === 0) {
    vscode.window.setStatusBarMessage(`$(copy) Copied the output of ${task.id}`, 4000);
    return;
  }
  const missingMiB = (missingBytes / 1024 / 1024).toFixed(1);
  const openLogLabel = 'Open Log as File';
  const answer = await vscode.window.showInformationMessage(
    `Copied the end of ${task.id}'s output; ${missingMiB} MiB before it were left out.`,
    openLogLabel,
  );
  if (answer === openLogLabel) await openLog(task);
}

async function openLog(task: TaskSnapshot): Promise<void> {
  const { output } = taskDirectoryAt(task.directory);
  if (task.isLogMissing) {
    throw new HoldfastError('task.logMissing', `${output} is gone`, { data: { path: output } });
  }
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(output));
}

/** A file manager belongs to the desktop; over a network there is only the editor's own window. */
async function revealDirectory(task: TaskSnapshot): Promise<void> {
  const uri = vscode.Uri.file(task.directory);
  const isLocal = vscode.env.uiKind === vscode.UIKind.Desktop && !vscode.env.remoteName;
  if (isLocal) await vscode.commands.executeCommand('revealFileInOS', uri);
  else await vscode.commands.executeCommand('vscode.openFolder', uri, { forceNewWindow: true });
}

function askTitle(task: TaskSnapshot): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: `Rename ${task.id}`,
    prompt: 'A name shown beside the number; empty for none.',
    value: task.title ?? '',
    placeHolder: task.command,
  });
}

async function confirmRemoval(count: number): Promise<boolean> {
  const remove = 'Remove';
  const question = `Remove ${count} finished ${count === 1 ? 'task' : 'tasks'} and their output?`;
  const options = { modal: true, detail: 'Running tasks stay. This cannot be undone.' };
  return (await vscode.window.showWarningMessage(question, options, remove)) === remove;
}
