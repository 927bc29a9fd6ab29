import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { silentLog } from '../../../src/core/common/log.ts';
import { isAlive, ownIdentity } from '../../../src/core/processes/identity.ts';
import {
  killTaskProcesses,
  type KillOutcome,
} from '../../../src/core/processes/killProcessTree.ts';
import { readProcessTable } from '../../../src/core/processes/processTable.ts';
import { findTaskProcesses } from '../../../src/core/processes/taskProcesses.ts';
import { waitFor } from '../../support/waitFor.ts';
import { listLeft, pidsOf, startBystander, startTask, type NastyTask } from './nastyTask.ts';

function kill(task: NastyTask, graceMs: number): Promise<KillOutcome> {
  return killTaskProcesses({ find: () => findTaskProcesses(task), graceMs, log: silentLog });
}

const obedient: readonly (readonly [title: string, program: string, reports: number])[] = [
  ['a child', 'forksChild.sh', 2],
  ['a double fork', 'forksTwice.sh', 2],
  ['a child in another session and its child', 'leavesSession.sh', 3],
  ['an orphan in another session', 'orphansSession.sh', 2],
  ['an orphan with an empty environment', 'cleansEnvironment.sh', 2],
  ['a stopped process', 'stopsChild.sh', 2],
];

void describe('killTaskProcesses', () => {
  for (const [title, program, reports] of obedient) {
    void it(`ends ${title} within the grace period, without force`, async (test) => {
      const task = await startTask(test, program, reports);
      const outcome = await kill(task, 20_000);
      assert.deepEqual(listLeft(task), []);
      assert.ok(outcome.terminated.length >= reports);
      assert.deepEqual([outcome.forced, outcome.survivors], [[], []]);
    });
  }

  void it('ends by force what ignores SIGTERM, after the grace period', async (test) => {
    const task = await startTask(test, 'ignoresSigterm.sh', 2);
    const startedAt = performance.now();
    const outcome = await kill(task, 300);
    assert.ok(performance.now() - startedAt >= 300);
    assert.deepEqual(listLeft(task), []);
    assert.deepEqual(pidsOf(outcome.forced), pidsOf(task.reported));
    assert.deepEqual(outcome.survivors, []);
  });

  void it('ends a hundred processes that ignore SIGTERM', async (test) => {
    const task = await startTask(test, 'starts100.sh', 101);
    const outcome = await kill(task, 50);
    assert.deepEqual(listLeft(task), []);
    assert.equal(outcome.forced.length, 101);
  });

  void it('ends a process that starts new children while it is being ended', async (test) => {
    const task = await startTask(test, 'respawnsChild.sh', 2);
    const outcome = await kill(task, 1000);
    assert.ok(outcome.terminated.length >= 1, 'the first child obeyed');
    assert.ok(outcome.forced.length >= 2, 'the parent and a later child did not');
    assert.deepEqual(outcome.survivors, []);
    assert.deepEqual(findTaskProcesses(task), []);
  });

  void it('takes a zombie for dead', async (test) => {
    const task = await startTask(test, 'neverReaps.sh', 2);
    const outcome = await kill(task, 10_000);
    assert.deepEqual(pidsOf(outcome.terminated), [task.root.pid]);
    assert.deepEqual(outcome.survivors, []);
  });

  void it('never signals a process that got the pid of one that is gone', async (test) => {
    const bystander = startBystander(test, ['sleep', '1000']);
    const reused = { ...bystander, startTime: String(Number(bystander.startTime) - 1) };
    const otherBoot = { ...bystander, bootId: '00000000-0000-0000-0000-000000000000' };
    const outcome = await killTaskProcesses({
      find: () => [reused, otherBoot],
      graceMs: 100,
      log: silentLog,
    });
    assert.ok(isAlive(bystander));
    assert.notEqual(readProcessTable().rows.get(bystander.pid)?.state, 'T');
    assert.deepEqual([outcome.forced, outcome.survivors], [[], []]);
  });

  void it('leaves a reader of the log alone', async (test) => {
    const task = await startTask(test, 'cleansEnvironment.sh', 2);
    const reader = startBystander(test, ['tail', '-f', task.logPath]);
    await kill(task, 10_000);
    appendFileSync(task.logPath, 'still followed\n');
    assert.ok(isAlive(reader));
    assert.deepEqual(listLeft(task), []);
  });

  void it('leaves alone another task that was started inside, even by force', async (test) => {
    const task = await startTask(test, 'startsOtherTask.sh', 2);
    await waitFor(() => findTaskProcesses(task).length === 1);
    await kill(task, 0);
    assert.deepEqual(listLeft(task), ['other']);
  });

  void it('reports as survivor what it may not signal, and goes on with the rest', async (test) => {
    const bystander = startBystander(test, ['sleep', '1000']);
    const own = ownIdentity();
    const outcome = await killTaskProcesses({
      find: () => [own, bystander].filter(isAlive),
      graceMs: 200,
      log: silentLog,
    });
    assert.deepEqual(outcome.survivors, [own]);
    assert.deepEqual(pidsOf(outcome.terminated), [bystander.pid]);
  });

  void it('does nothing when nothing is left', async () => {
    const outcome = await killTaskProcesses({ find: () => [], graceMs: 5000, log: silentLog });
    assert.deepEqual(outcome, { terminated: [], forced: [], survivors: [] });
  });
});
