import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Terminal } from '@xterm/headless/lib-headless/xterm-headless.mjs';
import { PosixPty } from '../../../src/core/terminals/posixPty.ts';
import type { Cleanup } from '../../support/tempDir.ts';
import { waitFor } from '../../support/waitFor.ts';
import { commandLine, type CommandLine } from '../cli/support/commandLine.ts';

interface Started {
  readonly id: string;
  readonly directory: string;
}

/** A person's terminal, with the command line in it. */
class OwnTerminal {
  readonly terminal = new Terminal({
    cols: 80,
    rows: 24,
    scrollback: 1000,
    allowProposedApi: true,
  });
  readonly #pty: PosixPty;
  raw = '';
  exitCode: number | undefined;

  constructor(test: Cleanup, cli: CommandLine, args: readonly string[]) {
    this.#pty = new PosixPty(
      {
        argv: [process.execPath, cli.entry, ...args],
        cwd: cli.workspace,
        environment: cli.environment,
        size: { columns: 80, rows: 24 },
      },
      {
        onData: (bytes) => {
          this.raw += bytes.toString('latin1');
          this.terminal.write(bytes);
        },
        onExit: (code) => {
          this.exitCode = code;
        },
        onClose: () => undefined,
      },
    );
    test.after(async () => {
      if (this.exitCode === undefined) process.kill(this.#pty.pid, 'SIGKILL');
      await waitFor(() => this.exitCode !== undefined);
    });
  }

  type(text: string): void {
    void this.#pty.write(Buffer.from(text));
  }

  resize(columns: number, rows: number): void {
    this.terminal.resize(columns, rows);
    this.#pty.resize({ columns, rows });
  }

  get text(): string {
    const { active } = this.terminal.buffer;
    const lines = Array.from({ length: active.length }, (_, row) =>
      active.getLine(row)?.translateToString(true),
    );
    return lines.join('\n').trimEnd();
  }

  async until(text: string | RegExp): Promise<void> {
    await waitFor(
      () => (typeof text === 'string' ? this.text.includes(text) : text.test(this.text)),
      {
        describe: () => `${String(text)} in:\n${this.text}`,
      },
    );
  }
}

void describe('holdfast attach', () => {
  void it('shows the terminal of a task, and leaves it at Ctrl+]', async (test) => {
    const cli = await commandLine(test);
    const line =
      'printf "\\033[?1049h\\033[?1000h\\033[?25lfull screen"; read x; echo "got $x"; exec sleep 1000';
    const { id } = (await cli.json(['run', '--tty', '--', line])) as Started;
    const own = new OwnTerminal(test, cli, ['attach', id]);
    await own.until('full screen');
    own.type('hello\r');
    await own.until('got hello');
    own.type('\x1d');
    await waitFor(() => own.exitCode !== undefined);
    assert.equal(own.exitCode, 0);
    await own.until(`detached; ${id} goes on`);
    assert.equal(own.terminal.buffer.active.type, 'normal');
    assert.equal(own.terminal.modes.mouseTrackingMode, 'none');
    const again = new OwnTerminal(test, cli, ['attach', id]);
    await again.until('got hello');
  });

  void it('passes on the size of the window, and exits as the program does', async (test) => {
    const cli = await commandLine(test);
    const own = new OwnTerminal(test, cli, [
      'run',
      '--attach',
      '--',
      'trap "stty size" WINCH; while :; do read x && exit 7; done',
    ]);
    await waitFor(() => own.raw.includes('\x1b[22;0t'));
    own.resize(90, 31);
    await own.until('31 90');
    own.type('x\r');
    await waitFor(() => own.exitCode !== undefined);
    assert.equal(own.exitCode, 7);
    await own.until('exit 7');
  });

  void it('shows what a program has said that ended before it could be reached', async (test) => {
    const cli = await commandLine(test);
    await cli.call(['sessions', 'new', '--id', 'mine']);
    const environment = { ...cli.environment, HOLDFAST_SESSION: 'mine' };
    const own = new OwnTerminal(test, { ...cli, environment }, [
      ...['run', '--attach', '--'],
      'no-such-program-here',
    ]);
    await waitFor(() => own.exitCode !== undefined);
    assert.equal(own.exitCode, 127);
    await own.until(/no-such-program-here.*not found/);
    await own.until('exit 127');
  });

  void it('needs a terminal, and a task that has one', async (test) => {
    const cli = await commandLine(test);
    const { id } = (await cli.json(['run', '--', 'sleep 1000'])) as Started;
    const without = await cli.call(['attach', id]);
    assert.equal(without.exitCode, 2);
    assert.match(without.stderr, /needs a terminal/);
    const own = new OwnTerminal(test, cli, ['attach', id]);
    await own.until('has no terminal');
    await waitFor(() => own.exitCode !== undefined);
    assert.equal(own.exitCode, 1);
  });
});

void describe('holdfast send', () => {
  void it('types, with escapes', async (test) => {
    const cli = await commandLine(test);
    const { id } = (await cli.json([
      'run',
      '--tty',
      '--size',
      '100x30',
      '--',
      'stty size; read a; read b; echo "$a|$b"',
    ])) as Started;
    assert.deepEqual(await cli.json(['send', id, String.raw`one\x21\ntwo\n`]), { id, bytes: 9 });
    await waitFor(async () => (await cli.call(['output', id])).stdout.includes('one!|two'));
    assert.match((await cli.call(['output', id])).stdout, /^30 100/);
  });

  void it('says what is wrong with a task that has no terminal or has ended', async (test) => {
    const cli = await commandLine(test);
    const plain = (await cli.json(['run', '--', 'sleep 1000'])) as Started;
    const ended = await cli.call(['send', plain.id, 'x', '--json']);
    assert.equal(ended.exitCode, 1);
    assert.match(ended.stderr, /"code":"terminal.none"/);
    assert.equal((await cli.call(['send', plain.id, String.raw`\q`])).exitCode, 2);
  });
});
