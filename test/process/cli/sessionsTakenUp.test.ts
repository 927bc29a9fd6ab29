import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { spawn } from '@lydell/node-pty';
import { takeSessionLease } from '../../../src/core/sessions/sessionLease.ts';
import { sessionFilesOf } from '../../../src/core/sessions/sessionFiles.ts';
import { openSessions } from '../../support/sessions.ts';
import { waitFor } from '../../support/waitFor.ts';
import { commandLine, type CommandLine } from './support/commandLine.ts';
import { untilTask } from './support/untilTask.ts';

interface Resumed {
  readonly sessionId: string;
  readonly branchedFrom: string | null;
  readonly heldBy: { readonly pid: number; readonly face: string } | null;
  readonly tasks: readonly { readonly id: string; readonly state: string }[];
  readonly missingCwd: string | null;
}

async function resumed(cli: CommandLine, ...args: string[]): Promise<Resumed> {
  return (await cli.json(args)) as Resumed;
}

describe('holdfast continue and resume', () => {
  it('take up the last active or the named one, also by the flags of Claude Code', async (t) => {
    const cli = await commandLine(t);
    const none = await cli.call(['continue']);
    assert.equal(none.exitCode, 1);
    assert.match(none.stderr, /no session here.*\n {2}Begin one with `holdfast sessions new`/);
    for (const id of ['one', 'two']) await cli.call(['sessions', 'new', id]);
    assert.equal((await resumed(cli, 'continue')).sessionId, 'two');
    for (const args of [['resume', 'one'], ['--resume', 'one'], ['-r', 'one'], ['--resume=one']]) {
      const { stdout, stderr, exitCode } = await cli.call(args);
      assert.deepEqual([stdout, exitCode], ['one  (0 messages)\n', 0], args.join(' '));
      assert.match(stderr, /export HOLDFAST_SESSION=one/);
    }
    for (const args of [['--continue'], ['-c'], ['--json', '--continue']]) {
      assert.equal((await resumed(cli, ...args)).sessionId, 'one');
    }
    const elsewhere = ['--workspace', cli.workspace, '--continue', '--json'];
    const { stdout } = await cli.call(elsewhere, { cwd: '/' });
    assert.equal((JSON.parse(stdout) as Resumed).sessionId, 'one');
  });

  it('begin a session by --session-id, and take it up the next time', async (t) => {
    const cli = await commandLine(t);
    assert.deepEqual(await cli.json(['--session-id', 'project-main']), {
      sessionId: 'project-main',
      title: null,
      isNew: true,
    });
    assert.equal((await resumed(cli, '--session-id', 'project-main')).branchedFrom, null);
    assert.equal((await cli.call(['--session-id', '../x'])).exitCode, 2);
    assert.equal((await cli.call(['--session-id=a b'])).exitCode, 2);
  });

  it('make a branch of one that another process has open, and say so', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['sessions', 'new', 'main']);
    const { host } = openSessions(cli.home, cli.workspace);
    const outcome = takeSessionLease(host, 'main');
    assert.ok(outcome.kind === 'taken');
    const { sessionId, branchedFrom, heldBy } = await resumed(cli, 'resume', 'main');
    assert.notEqual(sessionId, 'main');
    assert.deepEqual([branchedFrom, heldBy], ['main', { pid: process.pid, face: 'test' }]);
    for (const args of [
      ['sessions', 'delete', 'main'],
      ['repair', 'main'],
    ]) {
      const { exitCode, stderr } = await cli.call(args);
      assert.equal(exitCode, 1);
      assert.match(stderr, /open in another window.*\n {2}Close it there, or go on with a copy/);
    }
    outcome.lease.dispose();
    assert.equal((await resumed(cli, 'resume', 'main')).branchedFrom, null);
  });

  it('say why a session cannot be taken up', async (t) => {
    const cli = await commandLine(t);
    const { host } = openSessions(cli.home, cli.workspace);
    for (const id of ['newer', 'broken']) await cli.call(['sessions', 'new', id]);
    const fileOf = (id: string): string => sessionFilesOf(host.workspace, id).plain;
    const t0 = new Date().toISOString();
    writeFileSync(fileOf('newer'), `${JSON.stringify({ v: 9, t: t0, type: 'what' })}\n`);
    writeFileSync(fileOf('broken'), Buffer.alloc(100));
    const expected = {
      nobody: /no session "nobody" in .*\n {2}Pick another, such as/,
      newer: /written by a newer Holdfast\n {2}Update Holdfast/,
      broken:
        /Nothing of the session broken can be read.*\n {2}Try `holdfast sessions repair broken`/,
    };
    for (const [id, words] of Object.entries(expected)) {
      const { exitCode, stderr, stdout } = await cli.call(['resume', id]);
      assert.deepEqual([exitCode, stdout], [1, '']);
      assert.match(stderr, words);
    }
  });

  it('list the sessions where nobody can choose, and offer them on a terminal', async (t) => {
    const cli = await commandLine(t);
    for (const id of ['one', 'two']) await cli.call(['sessions', 'new', id, '--title', `My ${id}`]);
    const { stdout, stderr, exitCode } = await cli.call(['resume']);
    assert.equal(exitCode, 0);
    assert.match(stdout, /^Today\n.* two .*My two.*\n.* one .*My one/);
    assert.match(stderr, /holdfast resume ID/);
    assert.equal(((await cli.json(['--resume'])) as unknown[]).length, 2);
    const terminal = openTerminal(cli, ['resume']);
    try {
      await waitFor(() => terminal.text().includes('Which one? [1]'));
      assert.match(terminal.text(), /1 {2}My two {2}two\r\n {2}2 {2}My one {2}one/);
      terminal.type('2\r');
      assert.equal(await terminal.exitCode, 0);
      assert.match(terminal.text(), /\none {2}My one {2}\(0 messages\)/);
    } finally {
      terminal.end();
    }
  });
});

describe('a session', () => {
  it('has the tasks that are started in it, and finds them again', async (t) => {
    const cli = await commandLine(t);
    const env = { HOLDFAST_SESSION: 'main' };
    await cli.call(['sessions', 'new', 'main']);
    await cli.call(['run', '--', 'exec sleep 300'], { env });
    await cli.call(['run', '--session', 'main', '--', 'exit 3']);
    await cli.call(['run', '--', 'true'], { env: { HOLDFAST_SESSION: 'of-another-folder' } });
    await untilTask(cli, 'bash_2', ({ status }) => status === 'completed');
    const { tasks } = await resumed(cli, 'resume', 'main');
    assert.deepEqual(
      tasks.map(({ id, state }) => [id, state]),
      [
        ['bash_1', 'running'],
        ['bash_2', 'ended'],
      ],
    );
    assert.equal((await resumed(cli, 'resume', 'main')).tasks.length, 1, 'an end is told once');
    const { stdout } = await cli.call(['run', '--wait', '--session', 'main', '--', 'env']);
    assert.match(stdout, /^HOLDFAST_SESSION=main$/m);
  });

  it('still knows how a task ended when that was removed', async (t) => {
    const cli = await commandLine(t);
    await cli.call(['run', '--session', 'main', '--wait', '--', 'exit 3']);
    await cli.call(['run', '--session', 'main', '--wait', '--', 'exit 4']);
    await cli.call(['remove', '1']);
    await cli.call(['prune', '--days', '0']);
    const shown = (await cli.json(['sessions', 'show', 'main'])) as {
      backgroundTasks: Record<string, { status: string; exitCode: number }>;
    };
    assert.deepEqual(
      Object.values(shown.backgroundTasks).map(({ status, exitCode }) => [status, exitCode]),
      [
        ['completed', 3],
        ['completed', 4],
      ],
    );
  });

  it('remembers how far each reader has read, through a resume and in a branch', async (t) => {
    const cli = await commandLine(t);
    // A pipe for each: a shell that opened the same one again at once would see the end of the first line.
    await cli.call(['run', '--wait', '--', 'mkfifo first second']);
    const line = 'echo 1; read -r _ <first; echo 2; read -r _ <second; echo 3; exec sleep 300';
    await cli.call(['run', '--session', 'main', '--', line]);
    const until = (bytes: number): Promise<unknown> =>
      untilTask(cli, 'bash_2', ({ outputBytes }) => outputBytes === bytes);
    const goOn = (pipe: string): void => {
      writeFileSync(path.join(cli.workspace, pipe), 'on\n');
    };
    const read = async (...args: string[]): Promise<string> =>
      (await cli.call(['output', '2', '--new', ...args])).stdout;
    await until(2);
    assert.equal(await read(), '1\n');
    assert.equal(await read(), '');
    goOn('first');
    await until(4);
    await cli.call(['resume', 'main']);
    await cli.call(['branch', 'main', '--id', 'try']);
    assert.equal(await read('--reader', 'agent'), '1\n2\n');
    assert.equal(await read(), '2\n');
    assert.equal(await read('--session', 'try'), '2\n', 'the copy goes on where it was made');
    goOn('second');
    await until(6);
    assert.deepEqual([await read(), await read('--session', 'try')], ['3\n', '3\n']);
    assert.equal(await read('--session', 'try', '--reader', 'other'), '1\n2\n3\n');
    assert.equal((await cli.call(['output', '2', '--session', 'main'])).exitCode, 2);
  });
});

interface Terminal {
  text(): string;
  type(text: string): void;
  readonly exitCode: Promise<number>;
  end(): void;
}

/** The command line on a terminal of its own. */
function openTerminal(cli: CommandLine, args: readonly string[]): Terminal {
  let text = '';
  let hasEnded = false;
  const terminal = spawn(process.execPath, [cli.entry, ...args], {
    cwd: cli.workspace,
    cols: 120,
    rows: 30,
    env: { PATH: process.env['PATH'] ?? '', HOLDFAST_HOME: cli.home, TERM: 'dumb' },
  });
  terminal.onData((data) => {
    text += data;
  });
  const exitCode = new Promise<number>((resolve) => {
    terminal.onExit((end) => {
      hasEnded = true;
      resolve(end.exitCode);
    });
  });
  return {
    text: () => text,
    type: (keys) => {
      terminal.write(keys);
    },
    exitCode,
    end: () => {
      if (!hasEnded) terminal.kill();
    },
  };
}
