import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { HOME_MARK, endHomeProcesses } from '../../support/homeProcesses.ts';
import { tempDir } from '../../support/tempDir.ts';
import { findProgram } from '../conformance/variant.ts';

// claude-prefix.sh alone, with a program of the test in the place of the command line.

const SESSION = '7d9f1a52-0f1e-4c3a-9b55-7f4f1d8f0a01';
const source = path.resolve(import.meta.dirname, '../../../src/keeper/claude-prefix.sh');
const shells = [['dash'], ['bash'], ['busybox', 'sh']].filter(
  ([program = '']) => findProgram(program) !== undefined,
);
/** Far above what any of it takes: one that waits for ever is ended. */
const DEADLINE_MS = 20_000;

interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
}

/** A home with the prefix beside it. */
class PrefixPlace {
  readonly home: string;
  readonly #shell: readonly string[];

  constructor(home: string, shell: readonly string[]) {
    this.home = home;
    this.#shell = shell;
    copyFileSync(source, this.#prefix);
  }

  get #prefix(): string {
    return `${this.home}-claude-prefix`;
  }

  /** What the hook leaves about a command that is meant for the background. */
  note(command: string): void {
    const directory = path.join(this.home, 'claude-code/pending', SESSION);
    mkdirSync(directory, { recursive: true });
    const event = {
      session_id: SESSION,
      cwd: this.home,
      tool_name: 'Bash',
      tool_input: { command, run_in_background: true },
    };
    writeFileSync(path.join(directory, 'toolu_1.json'), `${JSON.stringify(event)}\n\n`);
  }

  launcher(script: string): void {
    mkdirSync(path.join(this.home, 'bin'), { recursive: true });
    const file = path.join(this.home, 'bin/holdfast');
    writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  /** As Claude Code does it, with what it makes of a command. What runs before it does so in the same process. */
  async run(evaluated: string, before = ':'): Promise<Ended> {
    const line = `true && ${evaluated} && pwd -P >| /dev/null`;
    const words = ['-c', `${before}\nexec "$@"`, 'sh', ...this.#shell, this.#prefix, line];
    const child = spawn('/bin/sh', words, {
      cwd: path.dirname(this.home),
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: this.home,
        SHELL: '/bin/bash',
        CLAUDE_CODE_SESSION_ID: SESSION,
        [HOME_MARK]: this.home,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: DEADLINE_MS,
      killSignal: 'SIGKILL',
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => chunks.push(bytes));
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    return { exitCode, output: Buffer.concat(chunks).toString() };
  }

  log(): string {
    const file = path.join(this.home, 'log/claude.log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }
}

async function openPlace(t: TestContext, shell: readonly string[]): Promise<PrefixPlace> {
  const made: { home?: string } = {};
  t.after(async () => {
    if (made.home !== undefined) await endHomeProcesses(made.home);
  });
  const home = path.join(await tempDir(t), 'home');
  mkdirSync(home);
  made.home = home;
  return new PrefixPlace(home, shell);
}

const COMMAND = "eval 'echo ran; exit 7' < /dev/null";
const WITH_PIPE = 'echo dev 2>&1 | tee dev.log';

/** Commands, and what Claude Code gives to its shell for them. */
const taken: Readonly<Record<string, readonly [command: string, evaluated: string]>> = {
  'with a pipe': [WITH_PIPE, `eval '${WITH_PIPE}' < /dev/null`],
  'with a redirect that was moved before its pipe': [
    WITH_PIPE,
    "eval 'echo dev 2>&1 < /dev/null | tee dev.log'",
  ],
  'with a redirect of its own before its pipe': [
    'echo dev < /dev/null | tee dev.log',
    "eval 'echo dev < /dev/null | tee dev.log'",
  ],
  'with other quotes': [
    `echo 'it'"'"'s' "a|b"\\\n | cat`,
    `eval 'echo '"'"'it'"'"'"'"'"'"'"'"'s'"'"' "a|b"\\\n | cat' < /dev/null`,
  ],
  'with a here-document': ['cat <<END | cat\nwords\nEND', "eval 'cat <<END | cat\nwords\nEND'"],
  'with a comment': ['# a | b\necho made # c', "eval '# a | b\necho made # c' < /dev/null"],
  'that names the null device of Windows': [
    'echo made 2>nul && echo >NUL',
    "eval 'echo made 2>/dev/null && echo >/dev/null' < /dev/null",
  ],
  'in another script': ['./開始 "ü"', `eval './開始 "ü"' < /dev/null`],
  'in an environment that is evaluated': [
    'echo made',
    `eval "$(:)"\n: && { shopt -u extglob || setopt X; } >/dev/null 2>&1 || true && eval 'echo made' < /dev/null`,
  ],
};

/** Commands that are meant for the background, and lines of others. */
const notTaken: Readonly<Record<string, readonly [command: string, evaluated: string]>> = {
  'that has a redirect before another pipe': [
    'echo 1 | cat | cat',
    "eval 'echo 1 | cat < /dev/null | cat'",
  ],
  'that has one redirect more': [
    WITH_PIPE,
    "eval 'echo dev 2>&1 < /dev/null | tee dev.log' < /dev/null",
  ],
  'in another script': ['./開始', "eval './停止' < /dev/null"],
  'that evaluates it': ['echo made', `eval 'true && eval '"'"'echo made'"'"'' < /dev/null`],
  'that it begins with': ['echo made', "eval 'echo made it' < /dev/null"],
};

for (const shell of shells) {
  void describe(`the shell prefix under ${shell.join(' ')} runs a command by itself`, () => {
    test('when the home vanishes while its task is started', async (t) => {
      const place = await openPlace(t, shell);
      place.note('echo ran; exit 7');
      place.launcher('rm -rf "$HOLDFAST_HOME"; exit 1');
      assert.deepEqual(await place.run(COMMAND), { exitCode: 7, output: 'ran\n' });
    });

    test('when what starts its task is killed by force', async (t) => {
      const place = await openPlace(t, shell);
      place.note('echo ran; exit 7');
      place.launcher('kill -KILL "$PPID"');
      assert.deepEqual(await place.run(COMMAND), { exitCode: 7, output: 'ran\n' });
    });

    test('when nothing can be written where the answer would stand', async (t) => {
      for (const name of ['answer-$$', 'answer-$$.failure']) {
        const place = await openPlace(t, shell);
        place.note('echo ran; exit 7');
        place.launcher('echo broken >&2; exit 1');
        const obstruct = `mkdir "$HOME/claude-code/${name}"`;
        assert.deepEqual(await place.run(COMMAND, obstruct), { exitCode: 7, output: 'ran\n' });
        assert.match(place.log(), /was not kept/);
      }
    });

    test('but not when it was ended meanwhile', async (t) => {
      const place = await openPlace(t, shell);
      place.note('echo ran; exit 7');
      place.launcher('kill -TERM "$(cat "$HOLDFAST_HOME/pid")"; exit 1');
      const ended = await place.run(COMMAND, 'echo "$$" >"$HOME/pid"');
      assert.deepEqual(ended, { exitCode: 143, output: '' });
    });

    test('and never what has been started as a task', async (t) => {
      const place = await openPlace(t, shell);
      place.note('echo ran; exit 7');
      place.launcher('printf "%s\\n" started "$HOLDFAST_HOME/removed" "$$" "$HOLDFAST_HOME"');
      assert.deepEqual(await place.run(COMMAND), { exitCode: 1, output: '' });
    });
  });
}

for (const shell of shells) {
  void describe(`the shell prefix under ${shell.join(' ')}`, () => {
    test('takes a command for the one that was noted', async (t) => {
      for (const [what, [command, evaluated]] of Object.entries(taken)) {
        assert.ok(await isTaken(t, shell, { command, evaluated }), what);
      }
    });

    test('takes no command for another one', async (t) => {
      for (const [what, [command, evaluated]] of Object.entries(notTaken)) {
        assert.ok(!(await isTaken(t, shell, { command, evaluated })), what);
      }
    });
  });
}

async function isTaken(
  t: TestContext,
  shell: readonly string[],
  { command, evaluated }: { readonly command: string; readonly evaluated: string },
): Promise<boolean> {
  const place = await openPlace(t, shell);
  place.note(command);
  place.launcher('echo taken >&2; exit 1');
  await place.run(evaluated);
  return place.log() !== '';
}
