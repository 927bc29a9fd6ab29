import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { listTasks } from '../../../src/core/tasks/listTasks.ts';
import { createTaskHost } from '../../support/taskHost.ts';
import { waitFor } from '../../support/waitFor.ts';
import { buildFace, runFace } from '../../fault/support/face.ts';

const PROCESSES = 20;
const TASKS_EACH = 10;

void describe('startTask', () => {
  void it(`gives ${PROCESSES} processes that start ${TASKS_EACH} tasks each a number of its own for every one`, async (test) => {
    const host = await createTaskHost(test);
    const face = await buildFace(test);
    const runs = Array.from({ length: PROCESSES }, () => runFace(face, host, 'start 10', 0));
    await Promise.all(runs);
    const count = PROCESSES * TASKS_EACH;
    const { tasks } = await waitFor(() => {
      const list = listTasks(host.workspace, host.clock.now());
      return list.tasks.every(({ status }) => status !== 'running') && list;
    });
    const expected = Array.from({ length: count }, (_, index) => index + 1);
    assert.deepEqual(
      tasks.map(({ number }) => number),
      expected,
    );
    assert.ok(tasks.every(({ status, exitCode }) => status === 'completed' && exitCode === 0));
    assert.equal(new Set(tasks.map(({ cookie }) => cookie)).size, count);
    const ran = readdirSync(host.workspace.folder).filter((name) => name.endsWith('.ran'));
    assert.equal(ran.length, count);
    await waitFor(() => !existsSync(path.join(host.workspace.directory, 'watcher')));
  });
});
