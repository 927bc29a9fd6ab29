import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { readIdentity, type ProcessIdentity } from '../../../src/core/processes/identity.ts';
import { sendSignal } from '../../../src/core/processes/signals.ts';
import { ensureWorkspace } from '../../../src/core/store/workspace.ts';
import { takeLease } from '../../../src/core/tasks/leases.ts';
import { readOutput } from '../../../src/core/tasks/output.ts';
import type { TaskHost } from '../../../src/core/tasks/taskHost.ts';
import { diskBytes } from '../../support/diskBytes.ts';
import { filesOf, look, untilOver } from '../../support/taskHost.ts';
import { waitFor } from '../../support/waitFor.ts';
import type { KeeperVariant } from './variant.ts';

const MIB = 1024 * 1024;

/** Limits that end a task or bound its log, with nobody else alive to see to it. */
export function describePolicy(variant: KeeperVariant): void {
  void describe('the policy', { concurrency: 4 }, () => {
    void it('ends a task at its time limit, and says so', async (test) => {
      const host = await variant.createHost(test);
      const policy = { timeLimitSec: 1, stopGraceSec: 5 };
      const task = await variant.start(host, 'echo begun; exec sleep 1000', { policy });
      const over = await untilOver(host, task);
      assert.deepEqual([over.status, over.signal], ['timed out', 'SIGTERM']);
      assert.ok((over.endedAtMs ?? 0) - (over.startedAtMs ?? 0) >= 900);
      assert.deepEqual(over.stop, { by: 'keeper', reason: 'time-limit' });
    });

    void it('forces what ignores the time limit, with all it started', async (test) => {
      const host = await variant.createHost(test);
      const policy = { timeLimitSec: 1, stopGraceSec: 1 };
      const line = 'trap "" TERM; (setsid sleep 1000 &) ; sleep 1000; echo "not reached"';
      const task = await untilOver(host, await variant.start(host, line, { policy }));
      assert.deepEqual([task.status, task.signal], ['timed out', 'SIGKILL']);
      assert.equal(readFileSync(filesOf(task).output, 'utf8'), '');
    });

    void it('ends a task that no live window wants, after the grace period', async (test) => {
      const host = await variant.createHost(test);
      const holder = holdLease(host);
      const policy = { shutdown: 'terminate', leaseGraceSec: 2 } as const;
      const wanted = await variant.start(host, ['sleep', '1000'], { policy });
      const kept = await variant.start(host, ['sleep', '1000']);
      sendSignal(holder, 'SIGKILL');
      const over = await untilOver(host, wanted);
      assert.deepEqual([over.status, over.signal], ['killed', 'SIGTERM']);
      assert.deepEqual(over.stop, { by: 'keeper', reason: 'unleased' });
      assert.equal(look(host, kept).status, 'running');
    });

    void it('lets a task live that a window still wants', async (test) => {
      const host = await variant.createHost(test);
      ensureWorkspace(host.workspace, host.clock.now());
      const lease = takeLease(host.workspace);
      const policy = { shutdown: 'terminate', leaseGraceSec: 1 } as const;
      const wanted = await variant.start(host, ['sleep', '1000'], { policy });
      // Another task's time limit tells that the watcher had time enough.
      const clock = await variant.start(host, ['sleep', '1000'], { policy: { timeLimitSec: 3 } });
      assert.equal((await untilOver(host, clock)).status, 'timed out');
      assert.equal(look(host, wanted).status, 'running');
      lease.dispose();
      assert.equal((await untilOver(host, wanted)).status, 'killed');
    });

    void it('holds the log of a quick writer to its bound, whole lines at the end', async (test) => {
      await holdsBound(test, variant);
    });

    void it('holds the log of what ended in a flood to its bound as well, however its user likes ls', async (test) => {
      const likings = { TIME_STYLE: 'long-iso', BLOCK_SIZE: 'human-readable', QUOTING_STYLE: 'c' };
      const host = await variant.createHost(test, { environment: { ...process.env, ...likings } });
      const policy = { outputLimitBytes: 4 * MIB };
      const flood = ['sh', '-c', 'yes | head -c 41943040'];
      const task = await untilOver(host, await variant.start(host, flood, { policy }));
      await waitFor(() => diskBytes(filesOf(task).output) <= 5 * MIB, { deadlineMs: 60_000 });
      const { droppedBytes, outputBytes } = look(host, task);
      assert.equal(outputBytes, 40 * MIB);
      assert.ok(droppedBytes >= 35 * MIB && droppedBytes < 40 * MIB, String(droppedBytes));
      await waitFor(() => readdirSync(path.join(host.workspace.directory, 'running')).length === 0);
    });
  });
}

async function holdsBound(test: TestContext, variant: KeeperVariant): Promise<void> {
  const host = await variant.createHost(test);
  const limitBytes = 4 * MIB;
  // Some 10 MB/s, and less where the watcher is slower, too: a process for each 50 lines of 1 KiB, numbers in front.
  const program =
    'BEGIN { pad = sprintf("%1014s", ""); while (system("[ -e gate ]") != 0)' +
    ' { for (i = 0; i < 50; i++) printf "%09d%s\\n", n++, pad; fflush() } exit 5 }';
  const policy = { outputLimitBytes: limitBytes };
  const startedAt = performance.now();
  const task = await variant.start(host, ['awk', program], { policy });
  let mostBytes = 0;
  await waitFor(
    () => {
      mostBytes = Math.max(mostBytes, diskBytes(filesOf(task).output));
      return look(host, task).droppedBytes > 10 * limitBytes;
    },
    { deadlineMs: 60_000 },
  );
  const elapsedSec = (performance.now() - startedAt) / 1000;
  const bytesPerSec = look(host, task).outputBytes / elapsedSec;
  writeFileSync(path.join(host.workspace.folder, 'gate'), '');
  const over = await untilOver(host, task);
  // A look of the watcher is some processes long as well.
  const mayHaveBytes = 2 * limitBytes + 2 * bytesPerSec;
  assert.ok(mostBytes < mayHaveBytes, `${mostBytes}, ${bytesPerSec} a second`);
  assert.equal(over.exitCode, 5);
  assertContinuous(over.directory, over.droppedBytes, over.outputBytes);
}

/** From what was dropped to the end every line is there, with the number that its offset demands. */
function assertContinuous(directory: string, droppedBytes: number, outputBytes: number): void {
  assert.equal(outputBytes % 1024, 0);
  for (let from = droppedBytes; from < outputBytes;) {
    const range = readOutput(directory, { from, isOver: true });
    assert.ok(range.to > from);
    const numbers = range.text
      .split('\n')
      .flatMap((line) => (line ? [Number(line.slice(0, 9))] : []));
    const first = Math.ceil(range.from / 1024);
    if (range.from % 1024 === 0) {
      assert.deepEqual(
        numbers,
        Array.from({ length: numbers.length }, (_, i) => first + i),
      );
    }
    from = range.to;
  }
}

/** A window that wants the workspace's tasks to live, in a process of its own. */
function holdLease(host: TaskHost): ProcessIdentity {
  ensureWorkspace(host.workspace, host.clock.now());
  const holder = spawn('sleep', ['1000'], { stdio: 'ignore', env: host.environment });
  const identity = readIdentity(holder.pid ?? 0);
  if (identity === undefined) throw new Error('the holder of the lease did not start');
  const leases = path.join(host.workspace.directory, 'leases');
  for (const name of readdirSync(leases)) rmSync(path.join(leases, name));
  writeFileSync(path.join(leases, `${identity.pid}.${identity.startTime}`), '');
  return identity;
}
