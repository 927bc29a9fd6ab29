import assert from 'node:assert/strict';
import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { isAlive, ownIdentity, readIdentity } from '../../../src/core/processes/identity.ts';
import { findTaskProcesses } from '../../../src/core/processes/taskProcesses.ts';
import { waitFor } from '../../support/waitFor.ts';
import { pidsOf, startBystander, startTask } from './nastyTask.ts';

/** Each program and how many processes report; every one of them must be found. */
const trees: readonly (readonly [title: string, program: string, reports: number])[] = [
  ['a child', 'forksChild.sh', 2],
  ['a grandchild whose parent is gone', 'forksTwice.sh', 2],
  ['children in another session', 'leavesSession.sh', 3],
  ['an orphan in another session', 'orphansSession.sh', 2],
  ['an orphan with an empty environment that has the log open', 'cleansEnvironment.sh', 2],
  ['what an orphan started, even without marks of its own', 'startsBelowOrphan.sh', 3],
  ['a hundred children', 'starts100.sh', 101],
];

async function startAndFind(test: TestContext, program: string, reports: number) {
  const task = await startTask(test, program, reports);
  const reported = task.reported.map(({ pid }) => pid).sort((a, b) => a - b);
  const find = (): number[] => pidsOf(findTaskProcesses(task));
  return { task, reported, find };
}

void describe('findTaskProcesses', () => {
  for (const [title, program, reports] of trees) {
    void it(`finds ${title}`, async (test) => {
      const { reported, find } = await startAndFind(test, program, reports);
      await waitFor(() => String(find()) === String(reported), {
        describe: () => `${String(find())} to be ${String(reported)}`,
      });
    });
  }

  void it('finds all by cookie and log when the root is unknown or has another start time', async (test) => {
    const { task, reported } = await startAndFind(test, 'cleansEnvironment.sh', 2);
    const stale = { ...task.root, startTime: '1' };
    assert.deepEqual(pidsOf(findTaskProcesses({ ...task, roots: [] })), reported);
    assert.deepEqual(pidsOf(findTaskProcesses({ ...task, roots: [stale] })), reported);
  });

  void it('does not walk down from a root whose pid belongs to another process by now', async (test) => {
    const { task } = await startAndFind(test, 'forksChild.sh', 2);
    const reused = { ...task.root, startTime: '1' };
    const found = findTaskProcesses({
      cookie: 'none',
      logPath: '/none/output.log',
      roots: [reused],
    });
    assert.deepEqual(found, []);
  });

  void it('misses an orphan that has dropped environment and log (a known limit)', async (test) => {
    const { task } = await startAndFind(test, 'hidesEverySign.sh', 2);
    await waitFor(() => findTaskProcesses(task).length === 1);
    const orphan = task.reported.find(({ name }) => name === 'orphan');
    assert.ok(orphan?.identity && isAlive(orphan.identity));
  });

  void it('takes only the exact cookie for a sign, neither a prefix nor an argument', async (test) => {
    const { task, reported, find } = await startAndFind(test, 'forksChild.sh', 2);
    const { cookie } = task;
    startBystander(test, ['sleep', '1000'], { ...process.env, HOLDFAST_TASK: `${cookie}0` });
    startBystander(test, ['sleep', '1000'], { ...process.env, XHOLDFAST_TASK: cookie });
    startBystander(test, ['tail', '-f', '/dev/null', `HOLDFAST_TASK=${cookie}`]);
    assert.deepEqual(find(), reported);
    assert.deepEqual(
      findTaskProcesses({ ...task, cookie: cookie.slice(0, -1), roots: [] }).length,
      2,
    );
  });

  void it('leaves out a reader of the log, and takes a writer in', async (test) => {
    const { task, reported, find } = await startAndFind(test, 'forksChild.sh', 2);
    const { logPath } = task;
    startBystander(test, ['tail', '-f', logPath]);
    startBystander(test, ['sh', '-c', 'exec sleep 1000 <"$1"', 'sh', logPath]);
    const writer = startBystander(test, ['sh', '-c', 'exec sleep 1000 >>"$1"', 'sh', logPath]);
    const expected = [...reported, writer.pid].sort((a, b) => a - b);
    await waitFor(() => String(find()) === String(expected));
  });

  void it('knows the log after it was deleted, and after it was moved to another directory', async (test) => {
    const { task, reported } = await startAndFind(test, 'cleansEnvironment.sh', 2);
    const marks = { ...task, cookie: 'none', roots: [] };
    const moved = `${task.logPath}.d-output.log`;
    renameSync(task.logPath, moved);
    assert.deepEqual(pidsOf(findTaskProcesses({ ...marks, logPath: moved })), reported);
    renameSync(moved, task.logPath);
    closeSync(openSync(moved, 'w'));
    const bytes = openSync(task.logPath, 'r');
    rmSync(task.logPath);
    assert.deepEqual(pidsOf(findTaskProcesses(marks)), reported);
    closeSync(bytes);
    for (const { identity } of task.reported) if (identity) process.kill(identity.pid, 'SIGKILL');
    closeSync(openSync(task.logPath, 'w'));
  });

  void it('leaves out another task that was started from inside this one', async (test) => {
    const { task } = await startAndFind(test, 'startsOtherTask.sh', 2);
    await waitFor(() => findTaskProcesses(task).length === 1);
    assert.deepEqual(pidsOf(findTaskProcesses(task)), [task.root.pid]);
  });

  void it('leaves out what it is told to exclude, but not what descends from it', async (test) => {
    const { task } = await startAndFind(test, 'forksChild.sh', 2);
    const child = task.reported.find(({ name }) => name === 'child');
    assert.deepEqual(pidsOf(findTaskProcesses({ ...task, exclude: [task.root] })), [child?.pid]);
  });

  void it('leaves out a zombie', async (test) => {
    const { task } = await startAndFind(test, 'neverReaps.sh', 2);
    const zombie = task.reported.find(({ name }) => name === 'zombie');
    await waitFor(() => readIdentity(zombie?.pid ?? 0) === undefined);
    assert.doesNotThrow(() => process.kill(zombie?.pid ?? 0, 0), 'the zombie still has its pid');
    assert.deepEqual(pidsOf(findTaskProcesses(task)), [task.root.pid]);
  });

  void it('never returns the calling process or its ancestors', async (test) => {
    const { task } = await startAndFind(test, 'forksChild.sh', 2);
    const parent = readIdentity(process.ppid);
    assert.ok(parent);
    const log = openSync(task.logPath, 'a');
    test.after(() => {
      closeSync(log);
    });
    const found = pidsOf(findTaskProcesses({ ...task, roots: [task.root, parent, ownIdentity()] }));
    assert.ok(found.includes(task.root.pid));
    assert.ok(!found.includes(process.pid) && !found.includes(process.ppid) && !found.includes(1));
  });
});
