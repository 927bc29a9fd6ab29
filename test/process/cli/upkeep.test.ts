import assert from 'node:assert/strict';
import { chmod, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { Check } from '../../../src/cli/doctor/check.ts';
import { commandLine } from './support/commandLine.ts';
import { listed, untilTask } from './support/untilTask.ts';

const DAY_SEC = 24 * 60 * 60;

describe('holdfast restart', () => {
  it('keeps the id and the earlier output, and the environment of the first run', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--env', 'GREETING=hi', '--', 'echo "$GREETING $$"; exec sleep 300']);
    const first = await untilTask(cli, 'bash_1', ({ outputBytes }) => outputBytes > 0);
    const restarted = (await cli.json(['restart', '1'])) as Record<string, unknown>;
    assert.equal(restarted['id'], 'bash_1');
    assert.equal(restarted['attempt'], 2);
    assert.deepEqual(restarted['missingSecrets'], []);
    assert.notEqual(restarted['pid'], first.pid);
    await untilTask(cli, 'bash_1', ({ outputBytes }) => outputBytes > first.outputBytes);
    const { stdout } = await cli.call(['output', '1']);
    assert.equal(stdout, `hi ${first.pid ?? ''}\nhi ${String(restarted['pid'])}\n`);
  });

  it('names the secrets that it has no value for', async (t) => {
    const cli = await commandLine(t);
    const env = { API_TOKEN: 'abc' };
    await cli.call(['run', '--wait', '--', 'true'], { env });
    const without = await cli.call(['restart', '1']);
    assert.equal(without.exitCode, 0);
    assert.match(without.stderr, /bash_1 runs without API_TOKEN/);
    assert.equal((await cli.call(['restart', '1'], { env })).stderr, '');
  });
});

describe('holdfast rename, remove and prune', () => {
  it('gives a title', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--wait', '--', 'true']);
    assert.deepEqual(await cli.json(['rename', '1', 'dev', 'server']), {
      id: 'bash_1',
      title: 'dev server',
    });
    assert.equal((await listed(cli))[0]?.title, 'dev server');
    assert.equal((await cli.call(['rename', '1', ' '])).exitCode, 2);
  });

  it('removes tasks that are over and refuses running ones; a number is not used again', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--wait', '--', 'true']);
    await cli.call(['run', '--', 'exec sleep 300']);
    await cli.call(['run', '--wait', '--', 'true']);
    const { exitCode, stdout, stderr } = await cli.call(['remove', '1', '2', '3']);
    assert.equal(exitCode, 1);
    assert.equal(stdout, 'bash_1  removed\nbash_3  removed\n');
    assert.match(stderr, /bash_2 still runs\n {2}End it first: holdfast kill bash_2/);
    const started = (await cli.json(['run', '--', 'true'])) as { id: string };
    assert.equal(started.id, 'bash_4');
  });

  it('prunes by age, after saying what it would do', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--wait', '--', 'true']);
    await cli.call(['run', '--wait', '--', 'true']);
    await cli.call(['run', '--', 'exec sleep 300']);
    const [old] = await listed(cli);
    const longAgoSec = Date.now() / 1000 - 8 * DAY_SEC;
    await utimes(path.join(old?.directory ?? '', 'exit.json'), longAgoSec, longAgoSec);
    const preview = (await cli.json(['prune', '--dry-run'])) as { pruned: { id: string }[] };
    assert.deepEqual(
      preview.pruned.map(({ id }) => id),
      ['bash_1'],
    );
    assert.equal((await listed(cli)).length, 3);
    assert.equal((await cli.call(['prune', '--days', '9'])).stdout, 'Nothing to delete.\n');
    assert.match(
      (await cli.call(['prune'])).stdout,
      /^bash_1 {2}true {2}\(finished, 8 d ago\) {2}deleted\n$/,
    );
    assert.deepEqual(
      (await listed(cli)).map(({ id }) => id),
      ['bash_2', 'bash_3'],
    );
  });
});

describe('holdfast doctor', () => {
  it('finds nothing wrong where nothing is', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--', 'exec sleep 300']);
    const { ok, checks } = (await cli.json(['doctor'])) as { ok: boolean; checks: Check[] };
    assert.equal(ok, true);
    const names = new Set(checks.map(({ name }) => name));
    for (const name of ['node', 'platform', 'home', 'disk', 'log bound', 'watcher', 'orphans']) {
      assert.ok(names.has(name), name);
    }
    assert.match((await cli.call(['doctor'])).stdout, /^ok {4}node {7}Node /);
  });

  it('fails on a task that cannot be read, with what to do', async (t) => {
    const cli = await commandLine(t);
    const started = (await cli.json(['run', '--', 'true'])) as { directory: string };
    await writeFile(path.join(started.directory, 'task.json'), 'not json');
    const { exitCode, stdout } = await cli.call(['doctor']);
    assert.equal(exitCode, 1);
    assert.ok(stdout.includes(`cannot read the task in ${started.directory}`), stdout);
  });

  it('fails on an unsafe home', async (t) => {
    const cli = await commandLine(t);
    await chmod(cli.home, 0o722);
    const { exitCode, stdout } = await cli.call(['doctor']);
    assert.equal(exitCode, 1);
    assert.ok(stdout.includes(`To fix it: chmod go-w '${cli.home}'`), stdout);
  });

  it('finishes removals that were interrupted', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--wait', '--', 'true']);
    const [task] = await listed(cli);
    await writeFile(path.join(task?.directory ?? '', 'removed'), '');
    assert.match((await cli.call(['doctor'])).stdout, /finished those of bash_1/);
    assert.match((await cli.call(['doctor'])).stdout, /none was interrupted/);
  });

  it('names running tasks that nobody holds to their limits', async (t) => {
    const cli = await commandLine(t);
    const started = (await cli.json(['run', '--', 'exec sleep 300'])) as { directory: string };
    await rm(path.resolve(started.directory, '../../running/bash_1'));
    assert.match((await cli.call(['doctor'])).stdout, /warn {2}limits .* bash_1 to their limits/);
  });
});
