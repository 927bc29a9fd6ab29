import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { findTask, listTasks } from '../../../src/core/tasks/listTasks.ts';
import type { TaskSnapshot } from '../../../src/core/tasks/types.ts';
import { workspaceOf, type Workspace } from '../../../src/core/store/workspace.ts';
import { waitFor } from '../../support/waitFor.ts';

/** The folder that the tests' window has open. */
export function openFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return folder.uri.fsPath;
}

/** Where the window keeps its tasks, as any other program finds it. */
export function windowWorkspace(): Workspace {
  const home = process.env['HOLDFAST_HOME'];
  assert.ok(home, 'HOLDFAST_HOME is not set');
  return workspaceOf(home, openFolder());
}

/** Starts a task by the command, as a keybinding would; gives its id. */
export async function runCommand(command: string, more: object = {}): Promise<string> {
  const id = await vscode.commands.executeCommand('holdfast.tasks.run', { command, ...more });
  assert.ok(typeof id === 'string', `no task was started for ${command}`);
  return id;
}

export function readTaskOf(id: string): TaskSnapshot {
  return findTask(windowWorkspace(), id, Date.now());
}

export async function untilOver(id: string): Promise<TaskSnapshot> {
  return waitFor(
    () => {
      const task = readTaskOf(id);
      return task.status !== 'running' && task;
    },
    { describe: `the end of ${id}` },
  );
}

/** Ends what a test has left running. */
export async function killAllTasks(): Promise<void> {
  const running = listTasks(windowWorkspace(), Date.now()).tasks.filter(
    ({ status }) => status === 'running',
  );
  if (running.length === 0) return;
  await vscode.commands.executeCommand(
    'holdfast.tasks.kill',
    running.map(({ id }) => id),
  );
}
