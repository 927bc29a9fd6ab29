import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { commandLine, untilEnded, type CommandLine } from './support/commandLine.ts';
import { untilTask } from './support/untilTask.ts';

interface OutputJson {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly droppedBytes: number;
  readonly status: string;
  readonly exitCode: number | null;
}

async function outputOf(cli: CommandLine, ...args: string[]): Promise<OutputJson> {
  return (await cli.json(['output', ...args])) as OutputJson;
}

describe('holdfast output', () => {
  it('prints everything, as it is', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--wait', '--', String.raw`printf 'one\n\033[1mtwo'`]);
    const { stdout, stderr, exitCode } = await cli.call(['output', 'bash_1']);
    assert.equal(stdout, 'one\n\u001b[1mtwo');
    assert.equal(stderr, '');
    assert.equal(exitCode, 0);
  });

  it('gives range, text, status and exit code as JSON', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--wait', '--', 'echo "a \\"b\\""; exit 4']);
    assert.deepEqual(await outputOf(cli, '1'), {
      id: 'bash_1',
      from: 0,
      text: 'a "b"\n',
      to: 6,
      droppedBytes: 0,
      status: 'completed',
      exitCode: 4,
    });
  });

  it('leaves an incomplete last line of a running task out of JSON, and shows it to people', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--', "printf 'whole\\nhal'; exec sleep 300"]);
    await untilTask(cli, 'bash_1', ({ outputBytes }) => outputBytes === 9);
    assert.equal((await outputOf(cli, 'bash_1')).text, 'whole\n');
    assert.equal((await cli.call(['output', 'bash_1'])).stdout, 'whole\nhal');
  });

  it('gives each reader what is new to that reader, once', async (t) => {
    const cli = await commandLine(t);
    const started = ['run', '--', 'echo 1; read -r _ <go; echo 2; exec sleep 300'];
    await cli.call(['run', '--wait', '--', 'mkfifo go']);
    await cli.call(started);
    await untilTask(cli, 'bash_2', ({ outputBytes }) => outputBytes === 2);
    const read = (...args: string[]): Promise<string> =>
      cli.call(['output', '2', '--new', ...args]).then(({ stdout }) => stdout);
    assert.equal(await read(), '1\n');
    assert.equal(await read(), '');
    await cli.call(['run', '--wait', '--', 'echo >go']);
    await untilTask(cli, 'bash_2', ({ outputBytes }) => outputBytes === 4);
    assert.equal(await read('--reader', 'other'), '1\n2\n');
    assert.equal(await read(), '2\n');
    const none = await outputOf(cli, '2', '--new', '--reader', 'other');
    assert.deepEqual([none.from, none.to, none.text], [4, 4, '']);
  });

  it('moves the cursor only past what was taken from stdout', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--wait', '--json', '--', 'seq 1 300000']);
    const child = cli.spawn(['output', '1', '--new']);
    child.stdout.once('data', () => {
      child.stdout.destroy();
    });
    const { exitCode, stderr } = await untilEnded(child);
    assert.deepEqual([exitCode, stderr], [141, '']);
    const rest = await cli.call(['output', '1', '--new']);
    const first = Number(rest.stdout.slice(0, rest.stdout.indexOf('\n')));
    assert.ok(first < 300_000, `went on at ${first}`);
    assert.ok(rest.stdout.endsWith('\n300000\n'));
  });

  it('keeps the lines that match, and moves the cursor past all of them', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--wait', '--json', '--', 'seq 1 100000; printf last9']);
    const { stdout } = await cli.call(['output', '1', '--new', '--filter', '^9+$|last']);
    assert.equal(stdout, '9\n99\n999\n9999\n99999\nlast9');
    assert.equal((await outputOf(cli, '1', '--new')).text, '');
  });

  it('begins at an offset, or at the last lines', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--wait', '--', 'echo one; echo two; echo three']);
    assert.equal((await cli.call(['output', '1', '--tail', '2'])).stdout, 'two\nthree\n');
    assert.equal((await cli.call(['output', '1', '--tail', '0'])).stdout, '');
    assert.equal((await cli.call(['output', '1', '--from', '8'])).stdout, 'three\n');
    assert.equal((await outputOf(cli, '1', '--from', '8')).from, 8);
  });

  it('follows until the task ends', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--wait', '--', 'mkfifo go']);
    await cli.call(['run', '--', 'echo before; read -r _ <go; printf after; exit 3']);
    const child = cli.spawn(['output', '2', '--follow']);
    const ended = untilEnded(child);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await cli.call(['run', '--wait', '--', 'echo >go']);
    const { stdout, stderr, exitCode } = await ended;
    assert.equal(stdout, 'before\nafter');
    assert.match(stderr, /bash_2: exit 3/);
    assert.equal(exitCode, 0);
  });

  it('follows as JSON lines, of which the last one tells the end', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--', 'echo a; sleep 0.3; echo b; exit 3']);
    const { stdout } = await cli.call(['output', '1', '--follow', '--json']);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as OutputJson);
    assert.equal(lines.map(({ text }) => text).join(''), 'a\nb\n');
    assert.deepEqual([lines.at(-1)?.status, lines.at(-1)?.exitCode], ['completed', 3]);
  });

  it('gives a log of many megabytes whole', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--wait', '--json', '--', 'seq 1 3000000']);
    const { text, to } = await outputOf(cli, '1');
    assert.equal(text.length, to);
    assert.equal(text.split('\n').length, 3_000_001);
    const plain = await cli.call(['output', '1']);
    assert.ok(plain.stdout === text);
  });

  it('gives every byte of output that is no text', async (t) => {
    const cli = await commandLine(t);
    const line = String.raw`head -c 600000 /dev/zero | tr '\0' '\200'`;
    await cli.call(['run', '--wait', '--json', '--', line]);
    const child = cli.spawn(['output', '1']);
    const pieces: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => pieces.push(bytes));
    await untilEnded(child);
    assert.ok(Buffer.concat(pieces).equals(Buffer.alloc(600_000, 0x80)));
  });

  it('tells wrong usage from failure', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--wait', '--', 'true']);
    const statusOf = async (...args: string[]): Promise<number | null> =>
      (await cli.call(['output', ...args])).exitCode;
    assert.equal(await statusOf('1', '--filter', '('), 2);
    assert.equal(await statusOf('1', '--new', '--from', '3'), 2);
    assert.equal(await statusOf('1', '--reader', 'x'), 2);
    assert.equal(await statusOf('1', '--new', '--reader', '../x'), 2);
    assert.equal(await statusOf('1', '--from', '-1'), 2);
    assert.equal(await statusOf(), 2);
    assert.equal(await statusOf('7'), 1);
  });

  it('says what to do when the log was deleted', async (t) => {
    const cli = await commandLine(t);
    const started = (await cli.json(['run', '--', 'exec sleep 300'])) as { directory: string };
    await rm(path.join(started.directory, 'output.log'));
    const { exitCode, stderr } = await cli.call(['output', '1']);
    assert.equal(exitCode, 1);
    assert.match(stderr, /was deleted: .*output\.log\n {2}.*restart/);
  });
});
