import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { isAlive, type ProcessIdentity } from '../../../src/core/processes/identity.ts';
import { killTask, processesOf } from '../../../src/core/tasks/killTask.ts';
import type { TaskHost } from '../../../src/core/tasks/taskHost.ts';
import type { TaskSnapshot } from '../../../src/core/tasks/types.ts';
import { listHomeProcesses } from '../../support/homeProcesses.ts';
import { filesOf, look, untilOver } from '../../support/taskHost.ts';
import { waitFor } from '../../support/waitFor.ts';
import type { KeeperVariant } from './variant.ts';

const programs = path.join(import.meta.dirname, '../../fixtures/programs');

/** What is known when a command has ended, by itself or by a signal, and what is left of it: nothing. */
export function describeEnding(variant: KeeperVariant): void {
  void describe('the end', { concurrency: 4 }, () => {
    for (const code of [0, 1, 7, 126, 127, 255]) {
      void it(`by exit code ${code} is known as that`, async (test) => {
        const host = await variant.createHost(test);
        const task = await untilOver(host, await variant.start(host, `exit ${code}`));
        assert.deepEqual([task.status, task.exitCode], ['completed', code]);
        assert.equal(task.signal, undefined);
        assert.ok((task.endedAtMs ?? 0) >= (task.startedAtMs ?? Infinity));
      });
    }

    for (const [signal, number] of [
      ['SIGKILL', 9],
      ['SIGSEGV', 11],
      ['SIGTERM', 15],
    ] as const) {
      void it(`by ${signal} from outside is a kill that names the signal`, async (test) => {
        const host = await variant.createHost(test);
        const task = await untilOver(host, await variant.start(host, `kill -${number} $$`));
        assert.deepEqual([task.status, task.signal], ['killed', signal]);
        assert.deepEqual([task.exitCode, task.stop], [128 + number, undefined]);
      });
    }

    void it('of a program that is not there is exit code 127, with a message', async (test) => {
      const host = await variant.createHost(test);
      const task = await untilOver(host, await variant.start(host, ['no-such-program', 'x']));
      assert.deepEqual([task.status, task.exitCode], ['completed', 127]);
      assert.match(readFileSync(filesOf(task).output, 'utf8'), /no-such-program/);
    });

    void it('of a file that is no program is exit code 126, with a message', async (test) => {
      const host = await variant.createHost(test);
      const task = await untilOver(host, await variant.start(host, ['/etc/passwd']));
      assert.deepEqual([task.status, task.exitCode], ['completed', 126]);
      assert.match(readFileSync(filesOf(task).output, 'utf8'), /\/etc\/passwd/);
    });

    void it('is seen soon', async (test) => {
      const host = await variant.createHost(test);
      const delays: number[] = [];
      for (let round = 0; round < 5; round += 1) {
        const task = await variant.start(host, 'date +%s%N; exit 3');
        await untilOver(host, task);
        const endedAtMs = Number(readFileSync(filesOf(task).output, 'utf8')) / 1e6;
        delays.push(Date.now() - endedAtMs);
      }
      // The quickest of them, since the machine may be busy; an end that is polled for takes a second or more.
      assert.ok(Math.min(...delays) < 900, `${delays.join(', ')} ms`);
    });

    void it('leaves no process behind', async (test) => {
      const host = await variant.createHost(test);
      await untilOver(host, await variant.start(host, 'echo hi'));
      await untilNothingRuns(host);
    });
  });

  describeKill(variant);
}

function describeKill(variant: KeeperVariant): void {
  const nasty: readonly (readonly [program: string, reports: number])[] = [
    ['forksTwice.sh', 2],
    ['leavesSession.sh', 3],
    ['cleansEnvironment.sh', 2],
    ['ignoresSigterm.sh', 2],
    ['respawnsChild.sh', 2],
    ['stopsChild.sh', 2],
  ];

  void describe('a kill', { concurrency: 4 }, () => {
    for (const [program, reports] of nasty) {
      // Without a cookie and with a pipe in place of the log, nothing tells whose it is.
      const skip = variant.keeper === 'node' && program === 'cleansEnvironment.sh';
      void it(`leaves nothing of ${program}`, { skip }, async (test) => {
        const host = await variant.createHost(test);
        const task = await variant.start(host, ['sh', path.join(programs, program)]);
        const before = await untilReported(task, reports);
        const killed = await killTask(host, look(host, task), { graceMs: 300 });
        assert.deepEqual(before.filter(isAlive), []);
        assert.equal(killed.status, 'killed');
        assert.deepEqual(killed.stop, { by: 'test', reason: 'user' });
        await untilNothingRuns(host);
      });
    }

    void it('names exit code 0 of a command that tidies up in time', async (test) => {
      const host = await variant.createHost(test);
      const line = 'trap "echo tidied; exit 0" TERM; echo ready; while :; do sleep 0.05; done';
      const task = await variant.start(host, line);
      await waitFor(() => look(host, task).outputBytes > 0);
      const killed = await killTask(host, look(host, task), { graceMs: 10_000 });
      assert.deepEqual([killed.status, killed.exitCode], ['killed', 0]);
      // Some shells say besides how their own child ended.
      assert.match(readFileSync(filesOf(task).output, 'utf8'), /^ready\n(.*\n)?tidied\n$/);
    });

    void it('names the signal that it took', async (test) => {
      const host = await variant.createHost(test);
      const obedient = await variant.start(host, ['sleep', '1000']);
      const stubborn = await variant.start(host, 'trap "" TERM; echo; sleep 1000; echo');
      await waitFor(() => look(host, stubborn).outputBytes > 0);
      const startedAt = performance.now();
      const [first, second] = await Promise.all([
        killTask(host, obedient, { graceMs: 10_000 }),
        killTask(host, stubborn, { graceMs: 500 }),
      ]);
      assert.ok(performance.now() - startedAt >= 500);
      assert.deepEqual([first.status, first.signal], ['killed', 'SIGTERM']);
      assert.deepEqual([second.status, second.signal], ['killed', 'SIGKILL']);
    });

    void it('by two at once ends the task once, and the first stays named', async (test) => {
      const host = await variant.createHost(test);
      const task = await variant.start(host, ['sleep', '1000']);
      const other = { ...host, face: 'other' };
      const [one, two] = await Promise.all([killTask(host, task), killTask(other, task)]);
      assert.deepEqual([one.status, two.status], ['killed', 'killed']);
      assert.deepEqual(one.stop, two.stop);
    });

    void it('of a task that is over leaves its result alone', async (test) => {
      const host = await variant.createHost(test);
      const task = await untilOver(host, await variant.start(host, 'exit 4'));
      const killed = await killTask(host, task);
      assert.deepEqual([killed.status, killed.exitCode], ['completed', 4]);
      assert.equal(killed.stop, undefined);
    });
  });
}

/** Waits until the fixture program's processes have said that they run, and gives all of the task's. */
async function untilReported(task: TaskSnapshot, reports: number): Promise<ProcessIdentity[]> {
  await waitFor(() => {
    const lines = readFileSync(filesOf(task).output, 'utf8').match(/^\w+ \d+$/gm) ?? [];
    return lines.length >= reports;
  });
  return processesOf(task);
}

/** Keepers end with their command, the watcher when nothing is left to watch. */
async function untilNothingRuns(host: TaskHost): Promise<void> {
  const { home } = host.workspace;
  await waitFor(() => listHomeProcesses(home).length === 0, {
    describe: () => `the end of ${JSON.stringify(listHomeProcesses(home))}`,
  });
}
