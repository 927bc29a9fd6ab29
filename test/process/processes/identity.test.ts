import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  currentBootId,
  isAlive,
  ownIdentity,
  readIdentity,
} from '../../../src/core/processes/identity.ts';
import { readProcessTable } from '../../../src/core/processes/processTable.ts';
import { waitFor } from '../../support/waitFor.ts';
import { startBystander, startTask } from './nastyTask.ts';

void describe('ProcessIdentity', () => {
  void it('of this process stays the same and is alive', () => {
    const own = ownIdentity();
    assert.deepEqual(ownIdentity(), own);
    assert.equal(own.pid, process.pid);
    assert.notEqual(own.startTime, '');
    assert.equal(own.bootId, currentBootId());
    assert.match(currentBootId(), /^[0-9a-z-]{7,36}$/i);
    assert.ok(isAlive(own));
  });

  void it('is not alive with another start time, another boot, or when gone', async (test) => {
    const child = startBystander(test, ['sleep', '1000']);
    assert.ok(isAlive(child));
    assert.ok(!isAlive({ ...child, startTime: `${child.startTime}0` }));
    assert.ok(!isAlive({ ...child, bootId: 'another-boot' }));
    process.kill(child.pid, 'SIGKILL');
    await waitFor(() => !isAlive(child));
    assert.equal(readIdentity(child.pid), undefined);
  });

  void it('is not alive as a zombie, which still has its pid and start time', async (test) => {
    const task = await startTask(test, 'neverReaps.sh', 2);
    const zombie = task.reported.find(({ name }) => name === 'zombie')?.pid ?? 0;
    const row = await waitFor(() => {
      const found = readProcessTable().rows.get(zombie);
      return found?.state === 'Z' && found;
    });
    assert.equal(readIdentity(zombie), undefined);
    assert.ok(!isAlive({ ...task.root, pid: zombie, startTime: row.startTime }));
  });

  void it('is alive while stopped', async (test) => {
    const child = startBystander(test, ['sleep', '1000']);
    process.kill(child.pid, 'SIGSTOP');
    await waitFor(() => readProcessTable().rows.get(child.pid)?.state === 'T');
    assert.ok(isAlive(child));
  });
});
