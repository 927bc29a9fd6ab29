import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { isAlive, type ProcessIdentity } from '../../src/core/processes/identity.ts';
import { sendSignal } from '../../src/core/processes/signals.ts';
import { killTask } from '../../src/core/tasks/killTask.ts';
import { restartTask } from '../../src/core/tasks/restartTask.ts';
import type { TaskHost } from '../../src/core/tasks/taskHost.ts';
import type { TaskSnapshot } from '../../src/core/tasks/types.ts';
import { nodeVariant } from '../process/conformance/variant.ts';
import { createTaskHost, look, start, untilOver } from '../support/taskHost.ts';
import { waitFor } from '../support/waitFor.ts';

/** Writes a line now and then, until the gate opens; then ends with 7. */
const TICKING = 'until [ -e gate ]; do echo tick; sleep 0.05; done; exit 7';

void describe('SIGKILL of what keeps a task', { concurrency: 2 }, () => {
  void it('keeper: command, output and exit code go on', async (test) => {
    const host = await createTaskHost(test);
    const task = await start(host, TICKING, { keeper: 'sh' });
    await killAll([task.processes?.keeper]);
    await untilMoreOutput(host, task);
    assert.equal(look(host, task).status, 'running');
    openGate(host);
    const over = await untilOver(host, task);
    assert.deepEqual([over.status, over.exitCode], ['completed', 7]);
  });

  void it('runner: command and output go on, the exit code is said to be unknown', async (test) => {
    const host = await createTaskHost(test);
    const task = await start(host, TICKING, { keeper: 'sh' });
    await killAll([task.processes?.runner]);
    await untilMoreOutput(host, task);
    assert.equal(look(host, task).status, 'running');
    openGate(host);
    const over = await untilOver(host, task);
    assert.deepEqual([over.status, over.lossReason], ['lost', 'exit code unknown']);
    assert.equal(over.exitCode, undefined);
  });

  void it('both: command and output go on; afterwards the task has vanished', async (test) => {
    const host = await createTaskHost(test);
    const task = await start(host, TICKING, { keeper: 'sh' });
    await killAll([task.processes?.keeper, task.processes?.runner]);
    await untilMoreOutput(host, task);
    assert.equal(look(host, task).status, 'running');
    openGate(host);
    const over = await untilOver(host, task);
    assert.deepEqual([over.status, over.lossReason], ['lost', 'vanished']);
    assert.equal(over.exitCode, undefined);
  });

  void it('all three: the task has vanished', async (test) => {
    const host = await createTaskHost(test);
    const task = await start(host, TICKING, { keeper: 'sh' });
    const { keeper, runner, command } = task.processes ?? {};
    await killAll([keeper, runner, command]);
    const now = look(host, task);
    assert.deepEqual([now.status, now.lossReason], ['lost', 'vanished']);
  });

  void it('keeper and runner: the task can still be killed and restarted', async (test) => {
    const host = await createTaskHost(test);
    const task = await start(host, TICKING, { keeper: 'sh' });
    const { keeper, runner, command } = task.processes ?? {};
    await killAll([keeper, runner]);
    const killed = await killTask(host, look(host, task));
    assert.ok(command !== undefined && !isAlive(command));
    assert.equal(killed.status, 'lost');
    openGate(host);
    const again = await restartTask(host, killed);
    const over = await untilOver(host, again.task);
    assert.deepEqual([over.status, over.exitCode, over.attempt], ['completed', 7, 2]);
  });

  void it('runner, then a restart: the end of the first run is not taken for the second', async (test) => {
    const host = await createTaskHost(test);
    const task = await start(host, ['sleep', '1000'], { keeper: 'sh' });
    const { keeper, runner, command } = task.processes ?? {};
    await killAll([runner]);
    // Stopped, so that it tells the end only after the restart.
    assert.ok(keeper !== undefined && sendSignal(keeper, 'SIGSTOP') === 'sent');
    await killAll([command]);
    const { task: again } = await restartTask(host, { ...look(host, task), status: 'lost' });
    sendSignal(keeper, 'SIGCONT');
    await waitFor(() => !isAlive(keeper));
    assert.equal(look(host, again).status, 'running');
  });

  void it('Node keeper: the task is running as long as its command is, then lost', async (test) => {
    const variant = nodeVariant();
    if (variant.skip !== false) {
      test.skip(variant.skip);
      return;
    }
    const host = await variant.createHost(test);
    const silent = await variant.start(host, ['sleep', '1000']);
    const ticking = await variant.start(host, TICKING);
    await killAll([silent.processes?.keeper, ticking.processes?.keeper]);
    assert.equal(look(host, silent).status, 'running');
    // It writes into a pipe that nobody reads any more.
    const over = await untilOver(host, ticking);
    assert.deepEqual([over.status, over.exitCode], ['lost', undefined]);
    const killed = await killTask(host, look(host, silent));
    assert.equal(killed.status, 'lost');
  });
});

async function killAll(identities: readonly (ProcessIdentity | undefined)[]): Promise<void> {
  for (const identity of identities) {
    assert.ok(identity !== undefined);
    assert.equal(sendSignal(identity, 'SIGKILL'), 'sent');
    await waitFor(() => !isAlive(identity));
  }
}

async function untilMoreOutput(host: TaskHost, task: TaskSnapshot): Promise<void> {
  const before = look(host, task).outputBytes;
  await waitFor(() => look(host, task).outputBytes > before + 10);
}

function openGate(host: TaskHost): void {
  writeFileSync(path.join(host.workspace.folder, 'gate'), '');
}
