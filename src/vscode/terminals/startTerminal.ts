import path from 'node:path';
import * as vscode from 'vscode';
import { startTask } from '../../core/tasks/startTask.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import { DEFAULT_SIZE } from '../../core/terminals/terminalSize.ts';
import type { CommandScope } from '../commands/commandScope.ts';
import { launcherDirectory } from '../launcher.ts';
import { noteTaskInSession, sessionForTask } from '../sessions/taskSession.ts';
import { policyOf, retentionOf } from '../settings.ts';
import { foldersOnDisk, requireTrust } from '../windowFolder.ts';

/**
 * Starts the user's shell in a kept terminal, as the editor starts it in its own.
 * @throws HoldfastError as starting a task does, and `workspace.untrusted`.
 */
export async function startShell(scope: CommandScope): Promise<TaskSnapshot> {
  const window = scope.open();
  const { host, feed } = window;
  requireTrust();
  const settings = scope.readSettings();
  const shell = settings.shell || vscode.env.shell || host.environment['SHELL'] || '/bin/sh';
  const session = await sessionForTask(window, path.basename(shell));
  const task = await startTask(host, {
    // macOS starts no login session of its own for programs: there, each terminal is one.
    command: { kind: 'argv', argv: process.platform === 'darwin' ? [shell, '-l'] : [shell] },
    shell,
    cwd: foldersOnDisk()[0]?.uri.fsPath ?? host.workspace.folder,
    title: path.basename(shell),
    ...(session === undefined ? {} : { session }),
    environment: {
      PATH: `${launcherDirectory(host.workspace.home)}${path.delimiter}${host.environment['PATH'] ?? ''}`,
      HOLDFAST_HOME: host.workspace.home,
      HOLDFAST_WORKSPACE: host.workspace.folder,
      ...(session === undefined ? {} : { HOLDFAST_SESSION: session }),
    },
    terminal: DEFAULT_SIZE,
    policy: policyOf(settings),
    retention: retentionOf(settings),
  });
  await noteTaskInSession(window, task);
  feed.refresh();
  return task;
}
