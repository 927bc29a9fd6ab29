import assert from 'node:assert/strict';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { readSmallFileSync } from '../../../src/core/common/jsonFile.ts';
import { isAlive } from '../../../src/core/processes/identity.ts';
import { sendSignal, waitUntilDead } from '../../../src/core/processes/signals.ts';
import { tempDir } from '../../support/tempDir.ts';
import { waitFor } from '../../support/waitFor.ts';
import { commandLine } from './support/commandLine.ts';
import { listed } from './support/untilTask.ts';

describe('holdfast tasks', () => {
  it('gives every field as JSON', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--wait', '--', 'echo x; exit 3']);
    await cli.call(['run', '--session', 's', '--', 'exec sleep 300']);
    const [ended, running] = await listed(cli);
    assert.deepEqual(
      [ended?.id, ended?.command, ended?.status, ended?.exitCode, ended?.outputBytes],
      ['bash_1', 'echo x; exit 3', 'completed', 3, 2],
    );
    assert.ok(Date.parse(ended?.endedAt ?? '') >= Date.parse(ended?.startedAt ?? ''));
    assert.deepEqual(
      [running?.status, running?.exitCode, running?.signal, running?.endedAt, running?.session],
      ['running', null, null, null, 's'],
    );
    assert.equal(ended?.droppedBytes, 0);
    assert.ok((running?.pid ?? 0) > 1);
  });

  it('shows people the running ones first, on a line each, without colours in a pipe', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--wait', '--', 'true\nfalse']);
    await cli.call(['run', '--name', 'server', '--', 'exec sleep 300']);
    const { stdout } = await cli.call(['tasks']);
    const lines = stdout.trimEnd().split('\n');
    assert.equal(lines.length, 3);
    assert.match(
      lines[1] ?? '',
      /^bash_2 {2}running +[\d.]+ m?s +\d+ +0 bytes +server: exec sleep 300$/,
    );
    assert.match(lines[2] ?? '', /^bash_1 {2}exit 1 +[\d.]+ m?s ago .* true false$/);
    assert.ok(!stdout.includes('\u001b'));
  });

  it('has nothing to say about a home that is not there, and creates none', async (t) => {
    const cli = await commandLine(t);
    const home = path.join(cli.home, 'not', 'yet');
    const env = { HOLDFAST_HOME: home };
    assert.deepEqual(await cli.json(['tasks'], { env }), []);
    const { stdout, exitCode } = await cli.call(['tasks'], { env });
    assert.deepEqual([stdout, exitCode], [`No background tasks in ${cli.workspace}.\n`, 0]);
    assert.equal((await cli.call(['prune'], { env })).exitCode, 0);
    assert.equal(readSmallFileSync(path.join(home, 'workspaces')), undefined);
  });

  it('names a task that cannot be read, and lists the others', async (t) => {
    const cli = await commandLine(t);
    const started = (await cli.json(['run', '--', 'true'])) as { directory: string };
    await cli.call(['run', '--', 'true']);
    await writeFile(path.join(started.directory, 'task.json'), '{"v":1,');
    const { stdout, stderr, exitCode } = await cli.call(['tasks', '--json']);
    assert.deepEqual(
      (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id),
      ['bash_2'],
    );
    assert.equal(stderr, `holdfast: cannot read the task in ${started.directory}\n`);
    assert.equal(exitCode, 0);
  });

  it('refuses a home that others may write to, and shows the command that mends it', async (t) => {
    const cli = await commandLine(t);
    await chmod(cli.home, 0o777);
    const { exitCode, stderr } = await cli.call(['tasks']);
    assert.equal(exitCode, 1);
    assert.ok(stderr.includes(`chmod go-w '${cli.home}'`), stderr);
  });

  it('starts a watcher when tasks run and theirs was killed', async (t) => {
    const cli = await commandLine(t);
    const started = (await cli.json(['run', '--', 'exec sleep 300'])) as { directory: string };
    const file = path.resolve(started.directory, '../../watcher');
    const watcher = await waitFor(() => readWatcher(file));
    sendSignal(watcher, 'SIGKILL');
    await waitUntilDead([watcher], 5000);
    await cli.call(['tasks']);
    const next = await waitFor(() => {
      const now = readWatcher(file);
      return now !== undefined && now.pid !== watcher.pid && now;
    });
    assert.ok(isAlive(next));
  });
});

describe('a task that is not there', () => {
  it('is told from one that cannot be read, and from those that were removed', async (t) => {
    const cli = await commandLine(t);
    for (const word of ['one', 'two', 'three']) await cli.call(['run', '--wait', '--', word]);
    const [task] = await listed(cli);
    assert.ok(task !== undefined);
    await writeFile(path.join(task.directory, 'task.json'), '{');
    await cli.call(['remove', 'bash_2']);
    const missing = await cli.call(['output', 'bash_2']);
    assert.equal(missing.exitCode, 1);
    assert.match(missing.stderr, /There is no task bash_2 in .*\n {2}There are bash_3;/);
    const damaged = await cli.call(['output', 'bash_1']);
    assert.equal(damaged.exitCode, 1);
    assert.match(damaged.stderr, /cannot read .*bash_1\/task\.json\n.*doctor/);
  });
});

describe('the workspace of a command', () => {
  it('is the one of an ancestor that has tasks, from any folder below', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--', 'true']);
    const below = path.join(cli.workspace, 'a', 'b');
    await mkdir(below, { recursive: true });
    assert.equal(((await cli.json(['tasks'], { cwd: below })) as unknown[]).length, 1);
  });

  it('is the one named, also from elsewhere', async (t) => {
    const cli = await commandLine(t);
    const other = await tempDir(t);
    await cli.call(['run', '--workspace', other, '--', 'true']);
    assert.equal((await listed(cli)).length, 0);
    assert.equal((await listed(cli, '--workspace', other)).length, 1);
    assert.equal((await listed(cli, '--all-workspaces')).length, 1);
    const { exitCode, stderr } = await cli.call(['tasks', '--workspace', '/no/such/folder']);
    assert.equal(exitCode, 1);
    assert.match(stderr, /There is no folder \/no\/such\/folder/);
  });

  it('is the one named, also where the current directory has been deleted', async (t) => {
    const cli = await commandLine(t);
    const gone = path.join(cli.workspace, 'gone');
    await mkdir(gone);
    const script = 'cd gone; rmdir "$PWD"; exec "$0" "$@"';
    const inGone = (...args: string[]): SpawnSyncReturns<string> =>
      spawnSync('sh', ['-c', script, process.execPath, cli.entry, ...args], {
        cwd: cli.workspace,
        env: cli.environment,
        encoding: 'utf8',
      });
    const named = inGone('tasks', '--workspace', cli.workspace);
    assert.equal(named.status, 0, named.stderr);
    await mkdir(gone);
    const { status, stderr } = inGone('tasks');
    assert.equal(status, 1);
    assert.match(
      stderr,
      /The current directory does not exist any more: .*gone\n.*--workspace DIR/,
    );
  });

  it('is the one of the terminal, as long as the shell stays inside its folder', async (t) => {
    const cli = await commandLine(t);
    const inside = path.join(cli.workspace, 'package');
    await mkdir(path.join(inside, '.git'), { recursive: true });
    const env = { HOLDFAST_WORKSPACE: cli.workspace };
    await cli.call(['run', '--', 'true'], { cwd: inside, env });
    assert.equal((await listed(cli, '--workspace', cli.workspace)).length, 1);
    const outside = await tempDir(t);
    assert.deepEqual(await cli.json(['tasks'], { cwd: outside, env }), []);
  });
});

function readWatcher(file: string): { pid: number; startTime: string; bootId: string } | undefined {
  const [pid, startTime, bootId] = readSmallFileSync(file)?.trim().split(' ') ?? [];
  if (pid === undefined || startTime === undefined || bootId === undefined) return undefined;
  return { pid: Number(pid), startTime, bootId };
}
