import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { systemClock } from '../../src/core/common/clock.ts';
import { silentLog } from '../../src/core/common/log.ts';
import { restartTask } from '../../src/core/tasks/restartTask.ts';
import type { TaskHost } from '../../src/core/tasks/taskHost.ts';
import { sendInput } from '../../src/core/terminals/sendInput.ts';
import { waitFor } from '../support/waitFor.ts';
import { begin, recordOf, removeAllSessions } from './support/sessions.ts';
import {
  killAllTasks,
  readTaskOf,
  runCommand,
  untilOver,
  windowWorkspace,
} from './support/tasks.ts';

function execute(command: string, ...args: readonly unknown[]): Thenable<unknown> {
  return vscode.commands.executeCommand(command, ...args);
}

async function runInteractive(command: string): Promise<string> {
  const id = await execute('holdfast.terminals.run', { command });
  assert.ok(typeof id === 'string', `no task was started for ${command}`);
  return id;
}

function logOf(id: string): string {
  return readFileSync(path.join(readTaskOf(id).directory, 'output.log'), 'utf8');
}

function terminalOf(id: string): vscode.Terminal | undefined {
  return vscode.window.terminals.find(({ name }) => name.startsWith(`${id}:`));
}

/** As the command line in some other terminal. */
function anotherProgram(): TaskHost {
  const extension = vscode.extensions.getExtension('holdfast.holdfast');
  assert.ok(extension, 'the extension is not installed');
  return {
    workspace: windowWorkspace(),
    scriptsDirectory: path.join(extension.extensionPath, 'dist'),
    nodeExecutable: process.execPath,
    face: 'cli',
    environment: process.env,
    clock: systemClock,
    log: silentLog,
  };
}

describe('kept terminals', () => {
  afterEach(async () => {
    for (const terminal of vscode.window.terminals) terminal.dispose();
    await killAllTasks();
    await removeAllSessions();
  });

  it('run a command in a terminal, and type into it what is typed', async () => {
    const id = await runInteractive('read answer; echo "got $answer"; exec sleep 1000');
    const terminal = await waitFor(() => terminalOf(id));
    terminal.sendText('yes');
    await waitFor(() => logOf(id).includes('got yes'), { describe: () => logOf(id) });
    assert.equal(readTaskOf(id).status, 'running');
  });

  it('go on when the view of them is closed, and come back', async () => {
    const id = await runInteractive('read answer; echo "got $answer"; exec sleep 1000');
    const terminal = await waitFor(() => terminalOf(id));
    terminal.dispose();
    await waitFor(() => terminalOf(id) === undefined);
    assert.equal(readTaskOf(id).status, 'running');
    assert.equal(await execute('holdfast.terminals.attach', id), id);
    (await waitFor(() => terminalOf(id))).sendText('again');
    await waitFor(() => logOf(id).includes('got again'));
  });

  it('are shown once, however often one attaches', async () => {
    const id = await runInteractive('sleep 1000');
    await execute('holdfast.terminals.attach', id);
    await execute('holdfast.terminals.attach', { id });
    assert.equal(vscode.window.terminals.filter(({ name }) => name.startsWith(id)).length, 1);
  });

  it('show the next run in the same view, whoever has restarted the task', async () => {
    // As servers do that are told to end.
    const server = `trap 'exit 0' TERM; read answer; echo "got $answer"; sleep 1000 & wait`;
    const id = await runInteractive(server);
    const terminal = await waitFor(() => terminalOf(id));
    await restartTask(anotherProgram(), readTaskOf(id));
    await waitFor(() => readTaskOf(id).attempt === 2 && readTaskOf(id).status === 'running');
    // What is typed reaches the run that the view shows, and one that is over takes nothing.
    await waitFor(
      () => {
        terminal.sendText('again');
        return logOf(id).includes('got again');
      },
      { intervalMs: 200, describe: () => logOf(id) },
    );
    assert.deepEqual(
      vscode.window.terminals.filter(({ name }) => name.startsWith(id)),
      [terminal],
    );
  });

  it('show what runs when one attaches to a task that was restarted since its end', async () => {
    const id = await runInteractive('read answer; echo "got $answer"; exit 3');
    const terminal = await waitFor(() => terminalOf(id));
    terminal.sendText('first');
    await untilOver(id);
    await execute('holdfast.tasks.restart', id);
    await execute('holdfast.terminals.attach', id);
    assert.equal(terminalOf(id), terminal, 'the view that shows the end is the one that goes on');
    terminal.sendText('second');
    await waitFor(() => logOf(id).includes('got second'), { describe: () => logOf(id) });
  });

  it('close with a program that has done what it should, and stay with one that has not', async () => {
    const good = await runInteractive('read line');
    const bad = await runInteractive('read line; exit 3');
    await waitFor(() => terminalOf(good) && terminalOf(bad));
    for (const id of [good, bad]) {
      await sendInput(readTaskOf(id), Buffer.from('\n'));
      await untilOver(id);
    }
    await waitFor(() => terminalOf(good) === undefined);
    assert.ok(terminalOf(bad));
    assert.equal(readTaskOf(bad).exitCode, 3);
  });

  it('have the size of the panel', async () => {
    const id = await runInteractive('while :; do stty size; sleep 0.1; done');
    await waitFor(() => /^(?!24 80\r)\d+ \d+\r$/m.test(logOf(id)), { describe: () => logOf(id) });
  });

  it('are opened from the menu of terminals as any other', async () => {
    await execute('workbench.action.terminal.newWithProfile', {
      config: {
        extensionIdentifier: 'holdfast.holdfast',
        id: 'holdfast.kept',
        title: 'Holdfast (kept)',
      },
    });
    const terminal = await waitFor(() =>
      vscode.window.terminals.find(({ name }) => /^bash_\d+: /.test(name)),
    );
    const id = terminal.name.split(':')[0] ?? '';
    terminal.sendText('echo "shell of $HOLDFAST_TASK_ID"');
    await waitFor(() => logOf(id).includes(`shell of ${id}`));
  });

  it('belong to the current session, and name it to what is started in them', async () => {
    const session = await begin({ title: 'Kept shells' });
    const id = await execute('holdfast.terminals.newShell');
    assert.ok(typeof id === 'string');
    assert.equal(readTaskOf(id).session, session);
    assert.ok(recordOf(session).backgroundTasks[id]);
    const terminal = await waitFor(() => terminalOf(id));
    terminal.sendText('echo "session $HOLDFAST_SESSION"');
    await waitFor(() => logOf(id).includes(`session ${session}`), { describe: () => logOf(id) });
  });

  it('say of a task without a terminal that it has none', async () => {
    const id = await runCommand('sleep 1000');
    assert.equal(await execute('holdfast.terminals.attach', id), undefined);
    assert.equal(terminalOf(id), undefined);
  });
});
