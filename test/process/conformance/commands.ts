import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { TaskHost } from '../../../src/core/tasks/taskHost.ts';
import { filesOf, keeperSources, untilOver, type RequestOptions } from '../../support/taskHost.ts';
import { waitFor } from '../../support/waitFor.ts';
import type { KeeperVariant } from './variant.ts';

/** How a command is started: its words, its directory, its environment, and what it must not inherit. */
export function describeCommands(variant: KeeperVariant): void {
  /** Runs a command to its end and gives what it wrote. */
  async function run(
    host: TaskHost,
    command: string | readonly string[],
    options?: RequestOptions,
  ): Promise<string> {
    const task = await untilOver(host, await variant.start(host, command, options));
    assert.equal(task.exitCode, 0, readFileSync(filesOf(task).output, 'utf8'));
    return readFileSync(filesOf(task).output, 'utf8');
  }

  void describe('the command', () => {
    void it('gets its arguments unchanged', async (test) => {
      const host = await variant.createHost(test);
      const words = [
        ...['', ' ', 'two words', "it's", '"quoted"', 'line\nbreak', '*', '?', '[a]', '~', '$HOME'],
        ...['$(id)', '`id`', '\\', '\\n', '%s', '-n', '--', '; exit 3', '&', '|', '>x', '#', '!'],
        ...['grüße', '日本', '🙂', '\t', '{a,b}', ''],
      ];
      const text = await run(host, ['printf', '%s\\0', ...words]);
      assert.deepEqual(text.split('\0').slice(0, -1), words);
    });

    void it('is a line for the shell when it is one', async (test) => {
      const host = await variant.createHost(test);
      const line = `a='x  y'; for i in 1 2; do echo "$a" $i; done | sed 's/x/z/' && echo done # no`;
      assert.equal(await run(host, line), 'z  y 1\nz  y 2\ndone\n');
    });

    void it('runs in the directory it was given', async (test) => {
      const host = await variant.createHost(test);
      const cwd = path.join(host.workspace.folder, 'a b $c');
      mkdirSync(cwd);
      assert.equal(await run(host, 'pwd -P; echo "$PWD"', { cwd }), `${cwd}\n${cwd}\n`);
    });

    void it('has what Node would take for itself', async (test) => {
      const ofNode = { NODE_OPTIONS: '--require /gone.cjs', NODE_EXTRA_CA_CERTS: '/gone.pem' };
      const host = await variant.createHost(test, { environment: { ...process.env, ...ofNode } });
      const text = await run(host, 'echo "$NODE_OPTIONS $NODE_EXTRA_CA_CERTS"; env');
      assert.match(text, /^--require \/gone\.cjs \/gone\.pem$/m);
      assert.doesNotMatch(text, /HOLDFAST_COMMAND_|ELECTRON_RUN_AS_NODE/);
    });

    void it('has the environment of its starter, its own additions and our marks', async (test) => {
      const odd = 'two\nlines, "quotes" and $dollars';
      const environment = { ...process.env, ODD: odd, HOLDFAST_TASK: 'of another task' };
      const host = await variant.createHost(test, { environment });
      const task = await variant.start(host, ['env', '-0'], { environment: { ADDED: 'yes' } });
      await untilOver(host, task);
      const got = environmentIn(readFileSync(filesOf(task).output, 'utf8'));
      assert.equal(got.get('ODD'), odd);
      assert.equal(got.get('ADDED'), 'yes');
      assert.equal(got.get('PYTHONUNBUFFERED'), '1');
      assert.equal(got.get('HOLDFAST_TASK'), task.cookie);
      assert.equal(got.get('HOLDFAST_TASK_ID'), task.id);
      assert.equal(got.get('PWD'), host.workspace.folder);
    });

    void it('has variables by the names that the keeper itself uses', async (test) => {
      const script = readFileSync(path.join(keeperSources, 'keeper.sh'), 'utf8');
      const assigned = [...script.matchAll(/^ *([a-z_]+)=| ([a-z_]+)=\$|\bread -r ([a-z_]+)/gm)];
      const names = assigned.map(([, first, second, read]) => first ?? second ?? read ?? '');
      assert.ok(names.includes('boot_id') && names.includes('line'), names.join());
      const mine = Object.fromEntries(names.map((name) => [name, `my ${name}`]));
      const host = await variant.createHost(test, { environment: { ...process.env, ...mine } });
      const got = environmentIn(await run(host, ['env', '-0']));
      for (const [name, value] of Object.entries(mine)) assert.equal(got.get(name), value);
    });

    void it('has nothing of the environment of the editor or of its keeper', async (test) => {
      const environment = {
        ...process.env,
        ELECTRON_RUN_AS_NODE: '1',
        VSCODE_PID: '1',
        VSCODE_IPC_HOOK: 'x',
      };
      const host = await variant.createHost(test, { environment });
      const got = environmentIn(await run(host, ['env', '-0']));
      const expected = new Set([
        ...Object.keys(host.environment).filter((name) => !/^(ELECTRON|VSCODE)_/.test(name)),
        ...['PYTHONUNBUFFERED', 'HOLDFAST_TASK', 'HOLDFAST_TASK_ID', 'PWD'],
        // Shells set these by themselves.
        ...['_', 'SHLVL', 'OLDPWD'],
        // What the terminal is, where there is one.
        ...(variant.hasTerminal ? ['TERM', 'COLORTERM'] : []),
      ]);
      assert.deepEqual(
        [...got.keys()].filter((name) => !expected.has(name)),
        [],
      );
    });

    void it('keeps the file mode mask of its starter', async (test) => {
      const host = await variant.createHost(test);
      const mask = process.umask(0o027);
      try {
        assert.match(await run(host, 'umask'), /^0*027\n$/);
      } finally {
        process.umask(mask);
      }
    });

    void it('has an empty standard input', { skip: variant.hasTerminal }, async (test) => {
      const host = await variant.createHost(test);
      assert.equal(await run(host, 'wc -c'), '0\n');
    });
  });

  void describe('the process of the command', { skip: process.platform !== 'linux' }, () => {
    void it('ignores and blocks no signal', async (test) => {
      const host = await variant.createHost(test);
      const status = await run(host, ['cat', '/proc/self/status']);
      // Bits 32 and 33 (real-time signals of the C library) may be anything.
      const mask = (name: string): bigint =>
        BigInt(`0x${new RegExp(`^${name}:\\s*([0-9a-f]+)$`, 'm').exec(status)?.[1] ?? 'bad'}`) &
        0x7fffffffn;
      assert.equal(mask('SigIgn'), 0n);
      assert.equal(mask('SigBlk'), 0n);
    });

    void it('leads or shares a session that is not ours, and has a terminal only if it is to', async (test) => {
      const host = await variant.createHost(test);
      const stat = await run(host, ['cat', '/proc/self/stat']);
      const [, , , session, terminal] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const own = readFileSync('/proc/self/stat', 'utf8');
      assert.notEqual(session, own.slice(own.lastIndexOf(')') + 2).split(' ')[3]);
      if (variant.hasTerminal) assert.notEqual(terminal, '0');
      else assert.equal(terminal, '0');
    });

    void it('inherits no descriptor beyond the first three', async (test) => {
      const host = await variant.createHost(test);
      const task = await variant.start(host, ['sleep', '1000']);
      const descriptors = await waitFor(() => {
        const directory = `/proc/${String(task.pid)}/fd`;
        const isSleep = readFileSync(`/proc/${String(task.pid)}/comm`, 'utf8') === 'sleep\n';
        const found = [0, 1, 2, 3, 4, 5, 10, 255].map((fd) => linkOrNothing(directory, fd));
        // While it starts, it reads the locale itself; what it has inherited stays open.
        return isSleep && found.slice(3).every((target) => target === undefined) && found;
      });
      const [stdin, stdout, stderr] = descriptors;
      if (variant.hasTerminal) assert.match(String(stdin), /^\/dev\/pts\//);
      else assert.equal(stdin, '/dev/null');
      if (variant.keeper === 'sh') assert.equal(stdout, realpathSync(filesOf(task).output));
      assert.equal(stderr, variant.keeper === 'sh' ? stdout : stderr);
    });
  });
}

function environmentIn(text: string): Map<string, string> {
  return new Map(
    text
      .split('\0')
      .filter((entry) => entry !== '')
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

function linkOrNothing(directory: string, descriptor: number): string | undefined {
  try {
    return readlinkSync(path.join(directory, String(descriptor)));
  } catch {
    return undefined;
  }
}
