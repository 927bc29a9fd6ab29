import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { HoldfastError } from '../../src/core/common/errors.ts';
import { isAlive, readIdentity, type ProcessIdentity } from '../../src/core/processes/identity.ts';
import { sendSignal } from '../../src/core/processes/signals.ts';
import { ensureWorkspace } from '../../src/core/store/workspace.ts';
import { killTask } from '../../src/core/tasks/killTask.ts';
import { leaseHoldersIn, takeLease } from '../../src/core/tasks/leases.ts';
import { listTasks } from '../../src/core/tasks/listTasks.ts';
import type { TaskHost } from '../../src/core/tasks/taskHost.ts';
import type { TaskSnapshot } from '../../src/core/tasks/types.ts';
import { createTaskHost, filesOf, look, start, untilOver } from '../support/taskHost.ts';
import { waitFor } from '../support/waitFor.ts';

void describe('pids that belong to somebody else now', () => {
  void it('are neither shown as the task nor signalled', async (test) => {
    const host = await createTaskHost(test);
    const stranger = startStranger(test);
    const task = await lostTask(host, { ...stranger, startTime: '1' });
    assert.deepEqual([task.status, task.lossReason], ['lost', 'vanished']);
    await killTask(host, { ...task, status: 'running' }, { graceMs: 0 });
    await killTask(host, task, { graceMs: 0 });
    assert.ok(isAlive(stranger));
  });

  void it('of another boot mean that the machine was restarted', async (test) => {
    const host = await createTaskHost(test);
    const stranger = startStranger(test);
    const task = await lostTask(host, { ...stranger, bootId: 'another' });
    assert.deepEqual([task.status, task.lossReason], ['lost', 'reboot']);
    await killTask(host, task, { graceMs: 0 });
    assert.ok(isAlive(stranger));
  });

  void it('are not taken for the holder of a lease', async (test) => {
    const host = await createTaskHost(test);
    ensureWorkspace(host.workspace, host.clock.now());
    const leases = path.join(host.workspace.directory, 'leases');
    const lease = takeLease(host.workspace);
    assert.deepEqual(
      leaseHoldersIn(leases).map(({ pid }) => pid),
      [process.pid],
    );
    lease.dispose();
    const stranger = startStranger(test);
    writeFileSync(path.join(leases, `${stranger.pid}.1`), '');
    writeFileSync(path.join(leases, 'garbage'), '');
    assert.deepEqual(leaseHoldersIn(leases), []);
    const policy = { shutdown: 'terminate', leaseGraceSec: 1 } as const;
    const task = await start(host, ['sleep', '1000'], { keeper: 'sh', policy });
    assert.equal((await untilOver(host, task)).status, 'killed');
    assert.ok(isAlive(stranger));
  });

  void it(
    'of a zombie mean that the task is over',
    { skip: process.platform !== 'linux' },
    async (test) => {
      const host = await createTaskHost(test);
      // A shell waits for its children, sleep for none; so the child ends when its parent has become that.
      const child = 'while read -r name </proc/$$/comm && [ "$name" != sleep ]; do :; done';
      const parent = spawn('sh', ['-c', `(${child}) & echo $!; exec sleep 1000`]);
      test.after(() => void parent.kill('SIGKILL'));
      const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(chunk.toString());
      const stat = await waitFor(() => {
        const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return line.includes(') Z ') ? line : undefined;
      });
      const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
      const bootId = readIdentity(process.pid)?.bootId ?? '';
      const task = await lostTask(host, { pid, startTime, bootId });
      assert.equal(task.status, 'lost');
    },
  );
});

void describe('a clock that jumps', () => {
  for (const hours of [-48, 48]) {
    void it(`by ${hours} hours ends no task and loses none`, async (test) => {
      let jumpMs = 0;
      const clock = { now: () => Date.now() + jumpMs };
      const host = await createTaskHost(test, { clock });
      const policy = { timeLimitSec: 3600 };
      const task = await start(host, ['sleep', '1000'], { keeper: 'sh', policy });
      const ended = await untilOver(host, await start(host, 'exit 3', { keeper: 'sh' }));
      jumpMs = hours * 3_600_000;
      assert.equal(look(host, task).status, 'running');
      assert.deepEqual(look(host, ended), ended);
      const next = await untilOver(host, await start(host, 'exit 4', { keeper: 'sh' }));
      assert.deepEqual([next.number, next.status, next.exitCode], [3, 'completed', 4]);
    });
  }
});

void describe('what is deleted or damaged under us', () => {
  void it('task directory: the command goes on and can be killed, its keeper ends', async (test) => {
    const host = await createTaskHost(test);
    const task = await start(host, ['sleep', '1000'], { keeper: 'sh' });
    rmSync(task.directory, { recursive: true });
    assert.deepEqual(listTasks(host.workspace, host.clock.now()), { tasks: [], unreadable: [] });
    assert.ok(task.processes !== undefined && isAlive(task.processes.command));
    await assert.rejects(killTask(host, task), (error) => HoldfastError.is(error, 'task.notFound'));
    assert.ok(!isAlive(task.processes.command));
    const next = await untilOver(host, await start(host, 'exit 3', { keeper: 'sh' }));
    assert.equal(next.exitCode, 3);
  });

  void it('log: the task goes on, says so, and its exit code is known', async (test) => {
    const host = await createTaskHost(test);
    const line = 'until [ -e gate ]; do echo tick; sleep 0.01; done; exit 5';
    const task = await start(host, line, { keeper: 'sh' });
    rmSync(filesOf(task).output);
    const now = look(host, task);
    assert.deepEqual([now.status, now.isLogMissing], ['running', true]);
    writeFileSync(path.join(host.workspace.folder, 'gate'), '');
    assert.equal((await untilOver(host, task)).exitCode, 5);
  });

  void it('whole workspace: listing says there is nothing, and the next start works', async (test) => {
    const host = await createTaskHost(test);
    const task = await start(host, ['sleep', '1000'], { keeper: 'sh' });
    rmSync(host.workspace.directory, { recursive: true });
    assert.deepEqual(listTasks(host.workspace, host.clock.now()), { tasks: [], unreadable: [] });
    const next = await untilOver(host, await start(host, 'exit 3', { keeper: 'sh' }));
    assert.equal(next.exitCode, 3);
    if (task.processes !== undefined) sendSignal(task.processes.command, 'SIGKILL');
  });

  void it('task.json: listed as unreadable with the others intact, and not overwritten', async (test) => {
    const host = await createTaskHost(test);
    const tasks: TaskSnapshot[] = [];
    for (let count = 0; count < 3; count += 1) {
      tasks.push(await untilOver(host, await start(host, ['true'], { keeper: 'sh' })));
    }
    const [first, second, third] = tasks;
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    writeFileSync(filesOf(first).task, 'garbage');
    rmSync(filesOf(second).task);
    mkdirSync(filesOf(second).task);
    const list = listTasks(host.workspace, host.clock.now());
    assert.deepEqual(
      list.tasks.map(({ id }) => id),
      [third.id],
    );
    assert.deepEqual(list.unreadable, [first.directory, second.directory]);
    const next = await start(host, ['true'], { keeper: 'sh' });
    assert.equal(next.number, 4);
    assert.equal(readFileSync(filesOf(first).task, 'utf8'), 'garbage');
  });
});

/** A task that has ended, with records that name another process as all that kept it. */
async function lostTask(host: TaskHost, identity: ProcessIdentity): Promise<TaskSnapshot> {
  const task = await untilOver(host, await start(host, ['true'], { keeper: 'sh' }));
  rmSync(filesOf(task).exit);
  const record = { v: 1, keeper: identity, runner: identity, command: identity };
  writeFileSync(filesOf(task).keeper, `${JSON.stringify(record)}\n`);
  return look(host, task);
}

function startStranger(test: TestContext): ProcessIdentity {
  const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
  const identity = readIdentity(child.pid ?? 0);
  if (identity === undefined) throw new Error('the stranger did not start');
  test.after(() => void sendSignal(identity, 'SIGKILL'));
  return identity;
}
