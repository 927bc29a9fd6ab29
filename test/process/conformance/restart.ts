import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { HoldfastError } from '../../../src/core/common/errors.ts';
import { readCursor, writeCursor } from '../../../src/core/tasks/cursors.ts';
import { processesOf } from '../../../src/core/tasks/killTask.ts';
import { readOutput } from '../../../src/core/tasks/output.ts';
import { restartTask } from '../../../src/core/tasks/restartTask.ts';
import { filesOf, look, untilOver } from '../../support/taskHost.ts';
import { waitFor } from '../../support/waitFor.ts';
import type { KeeperVariant } from './variant.ts';

/** Another run of the same task: same id, same command, the output goes on. */
export function describeRestart(variant: KeeperVariant): void {
  void describe('a restart', { concurrency: 4 }, () => {
    void it('runs the same under the same id; output and cursors go on', async (test) => {
      const host = await variant.createHost(test);
      const line = 'echo "run in $PWD with $ADDED"; exit 3';
      const options = { environment: { ADDED: 'x y' } };
      const first = await untilOver(host, await variant.start(host, line, options));
      const text = `run in ${host.workspace.folder} with x y\n`;
      writeCursor(first.directory, 'me', first.outputBytes);
      const { task, missingSecrets } = await restartTask(host, first);
      const second = await untilOver(host, task);
      assert.deepEqual([second.id, second.cookie, second.attempt], [first.id, first.cookie, 2]);
      assert.deepEqual([second.exitCode, missingSecrets], [3, []]);
      assert.equal(readFileSync(filesOf(second).output, 'utf8'), text + text);
      const from = readCursor(second.directory, 'me');
      assert.equal(readOutput(second.directory, { from, isOver: true }).text, text);
    });

    void it('keeps the records of the earlier run', async (test) => {
      const host = await variant.createHost(test);
      const first = await untilOver(host, await variant.start(host, 'echo hello; exit 3'));
      const { task } = await restartTask(host, first);
      await untilOver(host, task);
      const attempt = path.join(filesOf(first).attempts, '1');
      assert.deepEqual(readdirSync(attempt).sort(), ['attempt.json', 'exit.json', 'keeper.json']);
      const record: unknown = JSON.parse(readFileSync(path.join(attempt, 'attempt.json'), 'utf8'));
      assert.deepEqual(record, { v: 1, fromOffset: 0, toOffset: 6 });
      assert.match(readFileSync(path.join(attempt, 'exit.json'), 'utf8'), /"code":3/);
    });

    void it('ends the run that goes on', async (test) => {
      const host = await variant.createHost(test);
      const first = await variant.start(host, 'echo run; exec sleep 1000');
      await waitFor(() => look(host, first).outputBytes === 4);
      const { task } = await restartTask(host, look(host, first));
      assert.equal(task.status, 'running');
      assert.notEqual(task.pid, first.pid);
      // A terminal is set up by a program of its own before the command runs.
      await waitFor(() => look(host, first).outputBytes === 8);
      assert.deepEqual(
        processesOf(task).map(({ pid }) => pid),
        [task.pid],
      );
    });

    for (const state of ['a task that is over', 'a running task'] as const) {
      void it(`of ${state} by two at once happens once`, async (test) => {
        const host = await variant.createHost(test);
        const line =
          state === 'a running task'
            ? 'exec sleep 1000'
            : '[ -e ran ] && exec sleep 1000; echo >ran';
        const first = await variant.start(host, line);
        if (state === 'a task that is over') await untilOver(host, first);
        const before = look(host, first);
        const results = await Promise.allSettled([
          restartTask(host, before),
          restartTask({ ...host, face: 'other' }, before),
        ]);
        const reasons = results.flatMap((one) =>
          one.status === 'rejected' ? [one.reason as unknown] : [],
        );
        assert.equal(reasons.length, 1, String(reasons));
        assert.ok(HoldfastError.is(reasons[0], 'task.restartInProgress'), String(reasons[0]));
        const now = look(host, first);
        assert.deepEqual([now.status, now.attempt], ['running', 2]);
        await waitFor(() => {
          const pids = processesOf(now).map(({ pid }) => pid);
          return pids.length === 1 && pids[0] === now.pid;
        });
      });
    }

    void it('is refused while another one ends the run, and is no new run until that has ended', async (test) => {
      const host = await variant.createHost(test);
      const line = `trap 'until [ -e go ]; do sleep 0.05; done; exit 0' TERM; echo up; while :; do sleep 0.05; done`;
      const first = await variant.start(host, line, { policy: { stopGraceSec: 20 } });
      await waitFor(() => look(host, first).outputBytes > 0);
      const restarted = restartTask(host, look(host, first));
      await waitFor(() => existsSync(filesOf(first).stop));
      const ending = look(host, first);
      assert.deepEqual([ending.attempt, ending.status], [1, 'running']);
      await assert.rejects(restartTask({ ...host, face: 'other' }, ending), (error) =>
        HoldfastError.is(error, 'task.restartInProgress'),
      );
      writeFileSync(path.join(host.workspace.folder, 'go'), '');
      const { task } = await restarted;
      assert.deepEqual([task.attempt, task.status], [2, 'running']);
      const attempts = readdirSync(filesOf(task).attempts);
      assert.deepEqual(attempts, ['1']);
    });

    void it('has its own time limit', async (test) => {
      const host = await variant.createHost(test);
      const policy = { timeLimitSec: 1, stopGraceSec: 1 };
      // Keeps the watcher, which then has seen the task end once.
      await variant.start(host, ['sleep', '1000']);
      const first = await variant.start(host, ['sleep', '1000'], { policy });
      const over = await untilOver(host, first);
      const { task } = await restartTask(host, over);
      assert.equal(task.status, 'running');
      assert.equal(existsSync(filesOf(task).stop), false);
      assert.equal((await untilOver(host, task)).status, 'timed out');
    });
  });
}
