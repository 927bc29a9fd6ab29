import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { readOutput } from '../../../src/core/tasks/output.ts';
import { filesOf, look, untilOver } from '../../support/taskHost.ts';
import { waitFor } from '../../support/waitFor.ts';
import type { KeeperVariant } from './variant.ts';

/** 2.4 MB in lines of twelve bytes. */
const FLOOD_LINES = 200_000;
const ROUNDS = 20;

/** What a command writes, and where it lands. */
export function describeOutput(variant: KeeperVariant): void {
  void describe('the output', () => {
    void it('holds stdout and stderr in the order in which they were written', async (test) => {
      const host = await variant.createHost(test);
      const line = 'i=0; while [ $i -lt 200 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done';
      const task = await untilOver(host, await variant.start(host, line));
      const expected = Array.from({ length: 200 }, (_, i) => `out ${i}\nerr ${i}\n`).join('');
      assert.equal(readFileSync(filesOf(task).output, 'utf8'), expected);
    });

    void it('shows a line without a newline as soon as it is written', async (test) => {
      const host = await variant.createHost(test);
      const task = await variant.start(host, 'printf "Password: "; exec sleep 1000');
      await waitFor(() => look(host, task).outputBytes === 10);
      const range = { from: 0, isOver: false, includePartialLine: true };
      assert.equal(readOutput(task.directory, range).text, 'Password: ');
    });

    void it('keeps bytes that are no text as they are', async (test) => {
      const host = await variant.createHost(test);
      const line = String.raw`printf '\000\377\033[31m\r\303'`;
      const task = await untilOver(host, await variant.start(host, line));
      assert.equal(readFileSync(filesOf(task).output, 'hex'), '00ff1b5b33316d0dc3');
    });

    void it(`is whole when 2.4 MB come at once before the end, ${ROUNDS} times`, async (test) => {
      const host = await variant.createHost(test);
      const program = `BEGIN { for (i = 0; i < ${FLOOD_LINES}; i++) printf "%011d\\n", i }`;
      for (let round = 0; round < ROUNDS; round += 1) {
        const task = await untilOver(host, await variant.start(host, ['awk', program]));
        assert.equal(task.outputBytes, FLOOD_LINES * 12);
        const last = readOutput(task.directory, { from: task.outputBytes - 12, isOver: true });
        assert.equal(last.text, `${String(FLOOD_LINES - 1).padStart(11, '0')}\n`);
      }
    });

    // The end of its leader hangs up on all in the foreground of a terminal.
    const hangsUp = variant.hasTerminal;
    void it(
      'goes on from descendants after the command has ended',
      { skip: hangsUp },
      async (test) => {
        const host = await variant.createHost(test);
        const gate = path.join(host.workspace.folder, 'gate');
        const line = `(until [ -e gate ]; do sleep 0.05; done; echo late) & echo early`;
        const task = await untilOver(host, await variant.start(host, line));
        assert.deepEqual([task.status, task.exitCode], ['completed', 0]);
        writeFileSync(gate, '');
        await waitFor(() => readFileSync(filesOf(task).output, 'utf8') === 'early\nlate\n');
      },
    );
  });

  void describe('the task directory', () => {
    void it('is for its user only', async (test) => {
      const host = await variant.createHost(test);
      const mask = process.umask(0);
      try {
        await untilOver(host, await variant.start(host, 'echo hi'));
      } finally {
        process.umask(mask);
      }
      const { home } = host.workspace;
      const names = readdirSync(home, { recursive: true, encoding: 'utf8' });
      assert.ok(names.some((name) => name.endsWith('exit.json')));
      for (const name of ['', ...names]) {
        const stat = statSync(path.join(home, name), { throwIfNoEntry: false });
        // The watcher renames and removes its own while we look.
        if (stat === undefined) continue;
        const mode = (stat.mode & 0o777).toString(8);
        assert.equal(mode, stat.isDirectory() ? '700' : '600', name);
      }
    });
  });
}
