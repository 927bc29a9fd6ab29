import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { commandLine } from './support/commandLine.ts';
import { listed } from './support/untilTask.ts';

const COMMANDS = [
  ...['run', 'tasks', 'output', 'kill', 'restart', 'rename', 'remove', 'prune'],
  ...['sessions', 'continue', 'resume', 'branch', 'repair'],
];

describe('holdfast', () => {
  it('tells its version', async (t) => {
    const cli = await commandLine(t);
    const file = path.resolve(import.meta.dirname, '../../../package.json');
    const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
    const { stdout, exitCode } = await cli.call(['--version']);
    assert.deepEqual([stdout, exitCode], [`${version}\n`, 0]);
  });

  it('shows help with an example for every command', async (t) => {
    const cli = await commandLine(t);
    for (const command of [...COMMANDS, 'doctor']) {
      const { stdout, exitCode } = await cli.call([command, '--help']);
      assert.equal(exitCode, 0);
      assert.match(stdout, new RegExp(`\\nExample:\\n {2}holdfast ${command}`));
    }
    const { stdout, exitCode } = await cli.call(['--help']);
    assert.equal(exitCode, 0);
    for (const command of COMMANDS) assert.match(stdout, new RegExp(`\\n {2}${command} `));
  });

  it('suggests the command that was meant', async (t) => {
    const cli = await commandLine(t);
    const { stdout, stderr, exitCode } = await cli.call(['ouptut', '1']);
    assert.deepEqual([stdout, exitCode], ['', 2]);
    assert.match(stderr, /^holdfast: unknown command 'ouptut' \(Did you mean output\?\)\n/);
  });

  it('names the help that is about the command that was called', async (t) => {
    const cli = await commandLine(t);
    const { stderr, exitCode } = await cli.call(['sessions', 'show']);
    assert.equal(exitCode, 2);
    assert.match(stderr, /missing required argument 'id'\n {2}`holdfast sessions show --help`/);
  });

  it('says which word is no command of a group, and which help lists them', async (t) => {
    const cli = await commandLine(t);
    const unknown = [
      [['sessions', '--json', 'lst'], 'lst', 'holdfast sessions'],
      [['help', 'nonsense'], 'nonsense', 'holdfast'],
    ] as const;
    for (const [args, word, command] of unknown) {
      const { stderr, exitCode } = await cli.call(args);
      assert.equal(exitCode, 2);
      assert.ok(stderr.includes(`unknown command '${word}'`), stderr);
      assert.ok(stderr.includes(`\`${command} --help\``), stderr);
    }
  });

  it('knows what other programs call its commands', async (t) => {
    const cli = await commandLine(t);
    const { stderr, exitCode } = await cli.call(['logs', 'bash_1']);
    assert.equal(exitCode, 2);
    assert.match(stderr, /unknown command 'logs'\n {2}`holdfast output` may be what you mean/);
  });

  it('shows help and fails when it is given nothing to do', async (t) => {
    const cli = await commandLine(t);
    const { stdout, stderr, exitCode } = await cli.call([]);
    assert.deepEqual([stdout, exitCode], ['', 2]);
    assert.match(stderr, /^Usage: holdfast/);
  });

  it('quotes what it was given without what would steer the terminal', async (t) => {
    const cli = await commandLine(t);
    const { stderr } = await cli.call(['output', 'x\u001b[2J\u0007y']);
    assert.match(stderr, /^holdfast: There is no task x\[2Jy in /);
  });

  it('gives wrong usage as JSON when asked for JSON', async (t) => {
    const cli = await commandLine(t);
    const { stderr, exitCode } = await cli.call(['tasks', '--json', '--nonsense']);
    assert.equal(exitCode, 2);
    const { error } = JSON.parse(stderr) as { error: Record<string, unknown> };
    assert.equal(error['code'], 'usage');
    assert.equal(error['message'], "unknown option '--nonsense'");
  });

  it('loses and doubles nothing when several are called at once', async (t) => {
    const cli = await commandLine(t);
    const calls = Array.from({ length: 6 }, (_, index) =>
      cli.json(['run', '--', `echo ${index}; exec sleep 300`]),
    );
    const started = (await Promise.all(calls)) as { id: string; pid: number }[];
    assert.equal(new Set(started.map(({ id }) => id)).size, 6);
    const tasks = await listed(cli);
    assert.deepEqual(
      tasks.map(({ id, pid }) => `${id} ${pid ?? ''}`).sort(),
      started.map(({ id, pid }) => `${id} ${pid}`).sort(),
    );
    assert.ok(tasks.every(({ status }) => status === 'running'));
  });
});
