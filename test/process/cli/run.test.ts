import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { ensureWorkspace, workspaceOf } from '../../../src/core/store/workspace.ts';
import { writeWorkspaceSettings } from '../../../src/core/store/workspaceSettings.ts';
import { defaultPolicy } from '../../../src/core/tasks/types.ts';
import { isRecord } from './support/shapes.ts';
import { waitFor } from '../../support/waitFor.ts';
import { commandLine, untilEnded } from './support/commandLine.ts';

const printsArguments = [
  process.execPath,
  '-e',
  'console.log(JSON.stringify(process.argv.slice(1)))',
];

describe('holdfast run', () => {
  it('prints the id, the pid and the task directory as JSON', async (t) => {
    const cli = await commandLine(t);
    const started = await cli.json(['run', '--', 'sleep', '300']);
    assert.ok(isRecord(started));
    assert.deepEqual(Object.keys(started), ['id', 'pid', 'directory']);
    assert.equal(started['id'], 'bash_1');
    assert.equal(process.kill(Number(started['pid']), 0), true);
    const record = await readFile(path.join(String(started['directory']), 'task.json'), 'utf8');
    assert.match(record, /"face":"cli"/);
  });

  it('tells the pid also of a command that is over already', async (t) => {
    const cli = await commandLine(t);
    const ended = (await cli.json(['run', '--wait', '--', 'true'])) as Record<string, unknown>;
    assert.deepEqual([ended['status'], typeof ended['pid']], ['completed', 'number']);
    const { stderr } = await cli.call(['run', '--wait', '--', 'true']);
    assert.match(stderr, /^holdfast: bash_2 runs \(pid \d+\)\n$/);
  });

  it('keeps the limits that are set for the folder in the editor, unless it is told others', async (t) => {
    const cli = await commandLine(t);
    const workspace = workspaceOf(cli.home, cli.workspace);
    ensureWorkspace(workspace, Date.now());
    const policy = { ...defaultPolicy, outputLimitBytes: 2 ** 20, timeLimitSec: 7000 };
    const settings = { retention: { maxTasks: 3, maxAgeDays: 7 }, lineBuffering: false };
    writeWorkspaceSettings(workspace, { policy, ...settings, sessionRetentionDays: 30 });
    const limitsOf = async (args: readonly string[]): Promise<unknown> => {
      const started = (await cli.json(['run', ...args, '--', 'true'])) as { directory: string };
      const record = await readFile(path.join(started.directory, 'task.json'), 'utf8');
      return (JSON.parse(record) as { policy: unknown }).policy;
    };
    assert.deepEqual(await limitsOf([]), policy);
    assert.deepEqual(await limitsOf(['--time-limit', '60']), { ...policy, timeLimitSec: 60 });
  });

  it('prints the id first for people, and ends while the task goes on', async (t) => {
    const cli = await commandLine(t);
    const { exitCode, stdout } = await cli.call(['run', '--', 'sleep 300']);
    assert.equal(exitCode, 0);
    assert.match(stdout, /^bash_1 {2}pid \d+ {2}in \//);
  });

  it('gives the words to the program unchanged', async (t) => {
    const cli = await commandLine(t);
    const words = [
      'a b',
      `q'u"o\`t$e`,
      'line\nbreak',
      '',
      '*',
      'žluťoučký 🐎',
      '--json',
      '--',
      '-x',
    ];
    const { stdout, exitCode } = await cli.call([
      ...['run', '--wait', '--', ...printsArguments, '--'],
      ...words,
    ]);
    assert.equal(exitCode, 0);
    assert.deepEqual(JSON.parse(stdout), words);
  });

  it('runs a command as long as the system takes, and lists it', async (t) => {
    const cli = await commandLine(t);
    const line = `echo ${'x'.repeat(100_000)} | wc -c`;
    const ended = (await cli.json(['run', '--wait', '--', line])) as Record<string, unknown>;
    assert.deepEqual([ended['status'], ended['command']], ['completed', line]);
    const { stdout } = await cli.call(['output', 'bash_1']);
    assert.equal(stdout.trim(), '100001');
  });

  it('leaves options after the first word to the command, also without "--"', async (t) => {
    const cli = await commandLine(t);
    const { stdout, stderr } = await cli.call(['run', '--wait', 'echo', '--json', '--name', 'x']);
    assert.equal(stdout, '--json --name x\n', stderr);
  });

  it('runs one argument as a shell line', async (t) => {
    const cli = await commandLine(t);
    const { stdout } = await cli.call(['run', '--wait', '--', 'echo $((6 * 7)); echo "$0"']);
    assert.equal(stdout, '42\n/bin/sh\n');
  });

  it('runs in the directory, with the variables, title and session it is given', async (t) => {
    const cli = await commandLine(t);
    await mkdir(path.join(cli.workspace, 'sub dir'));
    const options = ['--cwd', 'sub dir', '--env', 'A=1=2', '--env', 'B=', '--name', 'my title'];
    const { stdout } = await cli.call([
      ...['run', '--wait', '--session', 's1', ...options],
      ...['--', 'pwd; echo "$A,${B-unset}"'],
    ]);
    assert.equal(stdout, `${path.join(cli.workspace, 'sub dir')}\n1=2,\n`);
    const [task] = (await cli.json(['tasks'])) as [Record<string, unknown>];
    assert.equal(task['title'], 'my title');
    assert.equal(task['session'], 's1');
  });

  it('keeps the limits it is given', async (t) => {
    const cli = await commandLine(t);
    const options = ['--time-limit', '60', '--output-limit', '2MiB', '--grace', '9'];
    const started = await cli.json(['run', ...options, '--on-shutdown', 'keep', '--', 'true']);
    assert.ok(isRecord(started));
    const record = await readFile(path.join(String(started['directory']), 'task.json'), 'utf8');
    const { policy } = JSON.parse(record) as { policy: Record<string, unknown> };
    assert.equal(policy['timeLimitSec'], 60);
    assert.equal(policy['outputLimitBytes'], 2 * 1024 * 1024);
    assert.equal(policy['stopGraceSec'], 9);
    assert.equal(policy['shutdown'], 'keep');
  });

  it('says so when a "terminate" task has no window that wants it', async (t) => {
    const cli = await commandLine(t);
    const { stderr } = await cli.call(['run', '--on-shutdown', 'terminate', '--', 'sleep 300']);
    assert.match(stderr, /bash_1 is ended in 60 s unless one opens/);
  });

  it('refuses wrong usage with status 2 and starts nothing', async (t) => {
    const cli = await commandLine(t);
    for (const args of [
      ['run'],
      ['run', '--', ''],
      ['run', '--time-limit', '1.5', '--', 'true'],
      ['run', '--output-limit', '12 parsecs', '--', 'true'],
      ['run', '--env', 'novalue', '--', 'true'],
      ['run', '--on-shutdown', 'maybe', '--', 'true'],
      ['run', '--unknown', '--', 'true'],
    ]) {
      const { exitCode, stdout, stderr } = await cli.call(args);
      assert.equal(exitCode, 2, args.join(' '));
      assert.equal(stdout, '');
      assert.match(stderr, /^holdfast: /);
    }
    assert.deepEqual(await cli.json(['tasks']), []);
  });

  it('fails with status 1 and a code when the directory does not exist', async (t) => {
    const cli = await commandLine(t);
    const plain = await cli.call(['run', '--cwd', 'nowhere', '--', 'true']);
    assert.equal(plain.exitCode, 1);
    assert.match(plain.stderr, /^holdfast: The folder to run in does not exist: .*nowhere\n {2}\S/);
    const json = await cli.call(['run', '--json', '--cwd', 'nowhere', '--', 'true']);
    assert.equal(json.exitCode, 1);
    const { error } = JSON.parse(json.stderr) as { error: Record<string, unknown> };
    assert.equal(error['code'], 'task.cwdMissing');
    assert.deepEqual(Object.keys(error), ['code', 'message', 'hint']);
  });
});

describe('holdfast run --wait', () => {
  it('exits with the exit code of the command', async (t) => {
    const cli = await commandLine(t);
    const { exitCode, stdout } = await cli.call(['run', '--wait', '--', 'echo out; exit 7']);
    assert.equal(exitCode, 7);
    assert.equal(stdout, 'out\n');
  });

  it('exits with 128 + n after signal n', async (t) => {
    const cli = await commandLine(t);
    const { exitCode, stderr } = await cli.call(['run', '--wait', '--', 'kill -KILL $$']);
    assert.equal(exitCode, 137);
    assert.match(stderr, /bash_1: killed by SIGKILL/);
  });

  it('prints bytes as they are, a last line without newline included', async (t) => {
    const cli = await commandLine(t);
    const child = cli.spawn(['run', '--wait', '--', String.raw`printf '\377\200\000end'`]);
    const pieces: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => pieces.push(bytes));
    await untilEnded(child);
    assert.deepEqual(Buffer.concat(pieces), Buffer.from([0xff, 0x80, 0, 0x65, 0x6e, 0x64]));
  });

  it('prints nothing but one object at the end with --json', async (t) => {
    const cli = await commandLine(t);
    const { exitCode, stdout } = await cli.call([
      'run',
      '--wait',
      '--json',
      '--',
      'echo x; exit 3',
    ]);
    assert.equal(exitCode, 3);
    const ended = JSON.parse(stdout) as Record<string, unknown>;
    assert.equal(ended['id'], 'bash_1');
    assert.equal(ended['status'], 'completed');
    assert.equal(ended['exitCode'], 3);
  });

  it('is left with Ctrl+C while the task goes on', async (t) => {
    const cli = await commandLine(t);
    const child = cli.spawn(['run', '--wait', '--', 'echo ready; exec sleep 300']);
    const ended = untilEnded(child);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGINT');
    child.kill('SIGINT');
    const { exitCode, stderr } = await ended;
    assert.equal(exitCode, 130);
    assert.match(stderr, /detached; bash_1 goes on/);
    const [task] = (await cli.json(['tasks'])) as [Record<string, unknown>];
    assert.equal(task['status'], 'running');
  });

  it('leaves the task alone when the reader of its output goes away', async (t) => {
    const cli = await commandLine(t);
    const line = 'while :; do echo x; echo ended >/dev/null; done';
    const child = cli.spawn(['run', '--wait', '--', line]);
    child.stdout.once('data', () => {
      child.stdout.destroy();
    });
    const { exitCode, stderr } = await untilEnded(child);
    assert.equal(exitCode, 141);
    assert.equal(stderr.replace(/^holdfast: bash_1 runs.*\n/, ''), '');
    const [task] = (await cli.json(['tasks'])) as [Record<string, unknown>];
    assert.equal(task['status'], 'running');
  });

  it('says what became of a task that somebody else kills', async (t) => {
    const cli = await commandLine(t);
    const child = cli.spawn(['run', '--wait', '--', 'sleep 300']);
    const ended = untilEnded(child);
    await waitFor(async () => ((await cli.json(['tasks'])) as unknown[]).length === 1);
    assert.equal((await cli.call(['kill', 'bash_1'])).exitCode, 0);
    const { exitCode, stderr } = await ended;
    assert.equal(exitCode, 143);
    assert.match(stderr, /bash_1: killed/);
  });
});
