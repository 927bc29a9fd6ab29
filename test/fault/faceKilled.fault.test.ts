import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { listWorkspaces } from '../../src/core/store/workspace.ts';
import { readCursor } from '../../src/core/tasks/cursors.ts';
import { ensureWatcher } from '../../src/core/tasks/keepers/watcher.ts';
import { killTask } from '../../src/core/tasks/killTask.ts';
import { listTasks } from '../../src/core/tasks/listTasks.ts';
import { readOutput } from '../../src/core/tasks/output.ts';
import { restartTask } from '../../src/core/tasks/restartTask.ts';
import type { TaskHost } from '../../src/core/tasks/taskHost.ts';
import type { TaskSnapshot } from '../../src/core/tasks/types.ts';
import { listHomeProcesses } from '../support/homeProcesses.ts';
import { createTaskHost, filesOf, look, start, untilOver } from '../support/taskHost.ts';
import type { Cleanup } from '../support/tempDir.ts';
import { waitFor } from '../support/waitFor.ts';
import { buildFace, killAtEveryCall, runFace } from './support/face.ts';

/** By then a starter must have come further, or is taken for dead. */
const STARTING_MS = 11_000;

void describe('SIGKILL of a face at each of its calls', { concurrency: 2 }, () => {
  let face = '';
  const cleanUps: (() => Promise<void>)[] = [];
  const suite: Cleanup = { after: (cleanUp) => void cleanUps.push(cleanUp) };
  before(async () => {
    face = await buildFace(suite);
  });
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp();
  });

  void it('starting: no half task, no number twice, and the next start works', async (test) => {
    const host = await createTaskHost(test);
    const calls = await killAtEveryCall(async (lastCall) => {
      const hasDied = await runFace(face, host, 'start', lastCall);
      assert.deepEqual(listTasks(host.workspace, host.clock.now()).unreadable, []);
      return hasDied;
    });
    assert.ok(calls > 5, `${calls} calls`);
    test.diagnostic(`${calls} calls`);
    const next = await untilOver(host, await start(host, 'echo next', { keeper: 'sh' }));
    assert.equal(next.exitCode, 0);
    await assertNoHalfTask(host);
    assert.deepEqual(listWorkspaces(host.workspace.home), [host.workspace]);
    const highest = Math.max(...takenNumbers(host));
    assert.equal(next.number, highest);
    await assertNothingRuns(host);
  });

  void it('restarting: the task can be restarted, and runs once', async (test) => {
    const host = await createTaskHost(test);
    const line = 'echo "run of $$"; exec sleep 1000';
    const task = await start(host, line, { keeper: 'sh' });
    const calls = await killAtEveryCall(async (lastCall) => {
      const hasDied = await runFace(face, host, 'restart', lastCall);
      const { tasks, unreadable } = listTasks(host.workspace, host.clock.now());
      assert.deepEqual([tasks.map(({ id }) => id), unreadable], [[task.id], []]);
      if (hasDied) await killTask(host, await untilSettled(host, task), { graceMs: 1000 });
      return hasDied;
    });
    assert.ok(calls > 5, `${calls} calls`);
    test.diagnostic(`${calls} calls`);
    const { task: last } = await restartTask(host, look(host, task));
    assert.equal(last.status, 'running');
    const commands = listHomeProcesses(host.workspace.home).filter(({ pid }) => isSleep(pid));
    assert.deepEqual(
      commands.map(({ pid }) => pid),
      [last.pid],
    );
  });

  void it('killing: the task can be killed, and its end is on record', async (test) => {
    const host = await createTaskHost(test);
    const calls = await killAtEveryCall(async (lastCall) => {
      const task = look(host, await firstTask(host));
      const hasDied = await runFace(face, host, 'kill', lastCall);
      const killed = await killTask(host, look(host, task));
      assert.equal(killed.signal, 'SIGTERM');
      assert.equal(killed.status, 'killed');
      if (hasDied) await restartTask(host, killed);
      return hasDied;
    });
    assert.ok(calls > 1, `${calls} calls`);
    test.diagnostic(`${calls} calls`);
  });

  void it('reading: the cursor stands where it stood or where it was going', async (test) => {
    const host = await createTaskHost(test);
    const line = 'printf "one\\ntwo\\nthr"; exec sleep 1000';
    const task = await start(host, line, { keeper: 'sh' });
    await waitFor(() => look(host, task).outputBytes === 11);
    const calls = await killAtEveryCall(async (lastCall) => {
      const hasDied = await runFace(face, host, 'read', lastCall);
      const cursor = readCursor(task.directory, 'reader');
      assert.ok(cursor === 0 || cursor === 8, `${cursor} after call ${lastCall}`);
      if (cursor === 8) assert.ok(existsSync(path.join(filesOf(task).cursors, 'reader')));
      assert.equal(readOutput(task.directory, { from: 0, isOver: false }).text, 'one\ntwo\n');
      return hasDied;
    });
    assert.ok(calls > 1, `${calls} calls`);
    test.diagnostic(`${calls} calls`);
    assert.equal(readCursor(task.directory, 'reader'), 8);
  });
});

/** A keeper that the dead face has started gets the time to say so; else nothing will start any more. */
async function untilSettled(host: TaskHost, task: TaskSnapshot): Promise<TaskSnapshot> {
  const later = host.clock.now() + STARTING_MS;
  return waitFor(() => {
    const now = look({ ...host, clock: { now: () => later } }, task);
    const isStarting = listHomeProcesses(host.workspace.home).some(({ pid }) =>
      /keeper\.sh|face\.cjs/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8')),
    );
    return (now.processes !== undefined || !isStarting) && now;
  });
}

/** What died before its keeper started is lost, not running; what ran has run once, and is on record. */
async function assertNoHalfTask(host: TaskHost): Promise<void> {
  const list = await waitFor(() => {
    const { tasks } = listTasks(host.workspace, host.clock.now() + STARTING_MS);
    return tasks.every(({ status }) => status !== 'running') && tasks;
  });
  for (const task of list) {
    const ran = path.join(host.workspace.folder, `${task.id}.ran`);
    const hasRun = existsSync(ran);
    const isNext = task.command === 'echo next';
    assert.equal(task.status, hasRun || isNext ? 'completed' : 'lost', JSON.stringify(task));
    if (hasRun) assert.equal(readFileSync(ran, 'utf8'), 'ran\n');
  }
  const listed = new Set(list.map(({ id }) => `${id}.ran`));
  const strays = readdirSync(host.workspace.folder).filter((name) => !listed.has(name));
  assert.deepEqual(strays, []);
}

/** Markers of starters that died are swept, and then the watcher ends as well. */
async function assertNothingRuns(host: TaskHost): Promise<void> {
  const markers = path.join(host.workspace.directory, 'running');
  const longAgo = new Date(Date.now() - 600_000);
  for (const name of readdirSync(markers)) {
    const marker = path.join(markers, name);
    if (statSync(marker, { throwIfNoEntry: false }) !== undefined)
      utimesSync(marker, longAgo, longAgo);
  }
  await ensureWatcher(host);
  await waitFor(() => listHomeProcesses(host.workspace.home).length === 0);
  assert.deepEqual(readdirSync(markers), []);
}

async function firstTask(host: TaskHost): Promise<TaskSnapshot> {
  const [task] = listTasks(host.workspace, host.clock.now()).tasks;
  return task ?? (await start(host, ['sleep', '1000'], { keeper: 'sh' }));
}

function takenNumbers(host: TaskHost): number[] {
  const names = readdirSync(path.join(host.workspace.directory, 'tasks'));
  return names.map((name) => Number(name.replace('bash_', '')));
}

function isSleep(pid: number): boolean {
  // The watcher sleeps, too, but not as long.
  return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8') === 'sleep\0' + '1000\0';
}
