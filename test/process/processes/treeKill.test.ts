import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { silentLog } from '../../../src/core/common/log.ts';
import { killTaskProcesses } from '../../../src/core/processes/killProcessTree.ts';
import { findTaskProcesses } from '../../../src/core/processes/taskProcesses.ts';
import { killTreesOf } from '../../../src/core/processes/treeKill.ts';
import { waitFor } from '../../support/waitFor.ts';
import { listLeft, startTask } from './nastyTask.ts';

async function startFrozen(test: TestContext, program: string, reports: number) {
  const task = await startTask(test, program, reports);
  const frozen = task.reported.flatMap(({ identity }) => identity ?? []);
  for (const { pid } of frozen) process.kill(pid, 'SIGSTOP');
  return { task, frozen };
}

void describe('killTreesOf', { skip: process.platform === 'win32' }, () => {
  void it('ends a stopped tree that ignores SIGTERM', async (test) => {
    const { task, frozen } = await startFrozen(test, 'ignoresSigterm.sh', 2);
    await killTreesOf(frozen, silentLog);
    await waitFor(() => listLeft(task).length === 0);
  });

  void it('leaves a tree alone that holds a process it was not given', async (test) => {
    const { task } = await startFrozen(test, 'leavesSession.sh', 3);
    await killTreesOf([task.root], silentLog);
    assert.deepEqual(listLeft(task).sort(), ['child', 'leader', 'main']);
  });

  void it('leaves a process alone that got the pid of one that is gone', async (test) => {
    const { task, frozen } = await startFrozen(test, 'forksChild.sh', 2);
    await killTreesOf(
      frozen.map((identity) => ({ ...identity, startTime: '1' })),
      silentLog,
    );
    assert.deepEqual(listLeft(task).sort(), ['child', 'main']);
  });

  void it('is done without where the system has no ps', async (test) => {
    const task = await startTask(test, 'ignoresSigterm.sh', 2);
    const { PATH } = process.env;
    test.after(() => {
      process.env['PATH'] = PATH;
    });
    process.env['PATH'] = '/nowhere';
    const find = () => findTaskProcesses(task);
    const outcome = await killTaskProcesses({ find, graceMs: 0, log: silentLog });
    assert.equal(outcome.forced.length, 2);
    assert.deepEqual(listLeft(task), []);
  });
});
