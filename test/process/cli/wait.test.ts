import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { workspaceOf } from '../../../src/core/store/workspace.ts';
import { waitFor } from '../../support/waitFor.ts';
import { commandLine, untilEnded } from './support/commandLine.ts';

describe('holdfast wait', () => {
  it('ends with the exit code of a task that is over', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--wait', '--', 'exit 7']);
    const { exitCode, stdout, stderr } = await cli.call(['wait', 'bash_1']);
    assert.deepEqual([exitCode, stdout], [7, '']);
    assert.match(stderr, /bash_1: .*7/);
  });

  it('waits for one that runs, and gives it as JSON', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--', 'until [ -e go ]; do sleep 0.05; done; exit 3']);
    const child = cli.spawn(['wait', '1', '--json']);
    const ended = untilEnded(child);
    const { directory } = (await cli.json(['run', '--wait', '--', 'touch go'])) as {
      directory: string;
    };
    assert.match(directory, /bash_2$/);
    const { exitCode, stdout } = await ended;
    assert.equal(exitCode, 3);
    const task = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual([task['id'], task['status'], task['exitCode']], ['bash_1', 'completed', 3]);
  });

  it('leaves the task alone when the time is up, and says how to look again', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--', 'sleep 300']);
    const { exitCode, stderr } = await cli.call(['wait', 'bash_1', '--timeout', '0']);
    assert.equal(exitCode, 124);
    assert.match(stderr, /detached; bash_1 goes on\n.*holdfast output bash_1 --follow/);
    const [task] = (await cli.json(['tasks'])) as [Record<string, unknown>];
    assert.equal(task['status'], 'running');
  });

  it('keeps no task alive that it is a part of itself', async (t) => {
    const cli = await commandLine(t);
    const child = cli.spawn(['run', '--wait', '--', 'echo up; sleep 300'], {
      env: { HOLDFAST_TASK: 'the one it is in' },
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const { directory } = workspaceOf(cli.home, cli.workspace);
    assert.deepEqual(await readdir(path.join(directory, 'leases')), []);
    const ended = untilEnded(child);
    await cli.call(['kill', 'bash_1']);
    await ended;
  });

  it('ends with a task that somebody kills, and knows nothing of one that is gone', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--', 'sleep 300']);
    const ended = untilEnded(cli.spawn(['wait', 'bash_1']));
    await cli.call(['kill', 'bash_1']);
    const { exitCode } = await ended;
    assert.equal(exitCode, 143);
    await waitFor(async () => (await cli.call(['remove', 'bash_1'])).exitCode === 0);
    const gone = await cli.call(['wait', 'bash_1']);
    assert.equal(gone.exitCode, 1);
    assert.match(gone.stderr, /bash_1/);
  });
});
