import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandLine } from './support/commandLine.ts';
import { listed, untilTask } from './support/untilTask.ts';

const SLEEP = ['run', '--', 'exec sleep 300'];

interface KillJson {
  readonly killed: { id: string; status: string; exitCode: number | null; signal: string | null }[];
  readonly failed: { id: string; error: { code: string } }[];
}

describe('holdfast kill', () => {
  it('ends the tasks that are named', async (t) => {
    const cli = await commandLine(t);
    for (let count = 0; count < 3; count += 1) await cli.call(SLEEP);
    const { killed, failed } = (await cli.json(['kill', 'bash_1', '3'])) as KillJson;
    assert.deepEqual(killed, [
      { id: 'bash_1', status: 'killed', exitCode: 143, signal: 'SIGTERM' },
      { id: 'bash_3', status: 'killed', exitCode: 143, signal: 'SIGTERM' },
    ]);
    assert.deepEqual(failed, []);
    assert.deepEqual(
      (await listed(cli)).map(({ status }) => status),
      ['killed', 'running', 'killed'],
    );
  });

  it('ends all that run except those to be spared', async (t) => {
    const cli = await commandLine(t);
    for (let count = 0; count < 3; count += 1) await cli.call(SLEEP);
    await cli.call(['run', '--wait', '--', 'true']);
    const { exitCode, stdout } = await cli.call(['kill', '--all', '--except', '2']);
    assert.equal(exitCode, 0);
    assert.equal(stdout, 'bash_1  killed by you (SIGTERM)\nbash_3  killed by you (SIGTERM)\n');
    assert.deepEqual(
      (await listed(cli)).map(({ status }) => status),
      ['killed', 'running', 'killed', 'completed'],
    );
  });

  it('ends nothing when a task to be spared is not there', async (t) => {
    const cli = await commandLine(t);
    await cli.call(SLEEP);
    assert.equal((await cli.call(['kill', '--all', '--except', 'bash_9'])).exitCode, 1);
    assert.equal((await listed(cli))[0]?.status, 'running');
  });

  it('reports what does not run or does not exist, and ends the others', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--wait', '--', 'true']);
    await cli.call(SLEEP);
    const { exitCode, stdout } = await cli.call(['kill', '--json', '1', '2', '9']);
    assert.equal(exitCode, 1);
    const { killed, failed } = JSON.parse(stdout) as KillJson;
    assert.deepEqual(
      killed.map(({ id }) => id),
      ['bash_2'],
    );
    assert.deepEqual(
      failed.map(({ id, error }) => [id, error.code]),
      [
        ['bash_1', 'task.notRunning'],
        ['9', 'task.notFound'],
      ],
    );
  });

  it('ends what a task that is over has left behind', async (t) => {
    const cli = await commandLine(t);
    const { stdout } = await cli.call(['run', '--wait', '--', 'setsid sleep 300 & echo $!']);
    assert.equal(process.kill(Number(stdout), 0), true);
    assert.equal((await cli.call(['kill', '1'])).exitCode, 0);
    assert.equal((await listed(cli))[0]?.status, 'completed');
    assert.equal((await cli.call(['kill', '1'])).exitCode, 1);
  });

  it('forces a task that ignores SIGTERM after the grace period', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--', "trap '' TERM; echo deaf; while :; do sleep 300; done"]);
    await untilTask(cli, 'bash_1', ({ outputBytes }) => outputBytes > 0);
    const { stdout } = await cli.call(['kill', '1', '--grace', '0.2']);
    assert.equal(stdout, 'bash_1  killed by you (SIGKILL)\n');
  });

  it('spares the task that it is called from', async (t) => {
    const cli = await commandLine(t);
    await cli.call(SLEEP);
    const [own] = await listed(cli);
    const inside = '[ "$HOLDFAST_TASK_ID" = bash_2 ] && exec "$0" "$1" kill --all';
    const program = cli.spawn([]).spawnargs.slice(0, 2);
    const { stderr, stdout } = await cli.call([
      ...['run', '--wait', '--', 'sh', '-c', inside],
      ...program,
    ]);
    assert.match(stdout, /bash_2 is spared: we run inside it/, stderr);
    assert.equal((await listed(cli))[0]?.status, 'killed', own?.id);
    assert.equal((await listed(cli))[1]?.status, 'completed');
  });

  it('wants either names or --all', async (t) => {
    const cli = await commandLine(t);
    await cli.call(SLEEP);
    for (const args of [[], ['--all', 'bash_1'], ['bash_1', '--except', 'bash_2']]) {
      assert.equal((await cli.call(['kill', ...args])).exitCode, 2, args.join(' '));
    }
    assert.equal((await listed(cli))[0]?.status, 'running');
  });

  it('is content when --all finds nothing', async (t) => {
    const cli = await commandLine(t);
    const { exitCode, stdout } = await cli.call(['kill', '--all']);
    assert.deepEqual([exitCode, stdout], [0, 'No task runs.\n']);
  });
});
