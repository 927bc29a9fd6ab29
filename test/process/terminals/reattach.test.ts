import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { AttachedScreen, untilSame } from '../../support/attachedScreen.ts';
import { waitFor } from '../../support/waitFor.ts';
import { createTerminalHost, skipWithout, startInTerminal } from './support.ts';

const LINES = Array.from(
  { length: 300 },
  (_, i) => `line ${i} \u001b[3${i % 8}mcolour\u001b[0m wide 日本 and e\u0301`,
).join('\n');

/** Each program, and what is typed while one terminal stays and the other goes and comes. */
const programs = [
  {
    program: 'vim',
    argv: ['vim', '-u', 'NONE', '-N', 'text.txt'],
    shows: 'line 0',
    steps: [
      [':set number\r', '1 line 0'],
      ['40Gzt', '40 line 39'],
      ['inew text here', 'new text here'],
      ['\x1bGo\x1b', '301'],
      [':split\r', 'text.txt'],
    ],
  },
  {
    program: 'less',
    argv: ['less', '-R', 'text.txt'],
    shows: 'line 0',
    steps: [
      [' ', 'line 23'],
      ['/line 150\r', 'line 150'],
      ['b', 'line 127'],
    ],
  },
  {
    program: 'bash',
    argv: ['bash', '--norc', '--noprofile', '-i'],
    shows: '$ ',
    steps: [
      ['cat text.txt\r', 'line 299'],
      ['echo "$COLUMNS x $LINES"; printf "\\033]2;my title\\007"\r', /\d+ x \d+\n/],
      [
        'echo a very long line that is wrapped at the right margin because it has so many words',
        /words$/m,
      ],
      ['\x15ls -la\r', 'text.txt'],
    ],
  },
] as const;

void describe('a terminal that is attached again', { concurrency: 2 }, () => {
  for (const { program, argv, shows, steps } of programs) {
    const skip = skipWithout(program);
    void it(`shows ${program} as one that never left`, { skip }, async (test) => {
      const host = await createTerminalHost(test);
      writeFileSync(path.join(host.workspace.folder, 'text.txt'), LINES);
      const task = await startInTerminal(host, argv);
      const stayed = new AttachedScreen(test, task);
      await stayed.until(shows);
      for (const [typed, expected] of steps) {
        stayed.type(typed);
        await stayed.until(expected);
        const came = new AttachedScreen(test, task);
        await came.until(expected);
        await untilSame(stayed, came);
        came.close();
      }
    });

    void it(`shows ${program} at its new size`, { skip }, async (test) => {
      const host = await createTerminalHost(test);
      writeFileSync(path.join(host.workspace.folder, 'text.txt'), LINES);
      const task = await startInTerminal(host, argv);
      const stayed = new AttachedScreen(test, task);
      await stayed.until(shows);
      for (const [index, [typed]] of steps.entries()) {
        const before = stayed.outputBytes;
        stayed.type(typed);
        await waitFor(() => stayed.outputBytes > before);
        const size = { columns: 100 - index * 17, rows: 20 + index * 5 };
        const came = new AttachedScreen(test, task, size);
        await untilSame(stayed, came);
        assert.deepEqual([stayed.terminal.cols, stayed.terminal.rows], [size.columns, size.rows]);
        came.close();
      }
    });
  }

  void it(
    'shows htop in its colours, with its mouse',
    { skip: skipWithout('htop') },
    async (test) => {
      const host = await createTerminalHost(test);
      // Stopped at once, for it draws something else each time.
      const task = await startInTerminal(host, ['htop', '--delay=600']);
      const stayed = new AttachedScreen(test, task, { columns: 110, rows: 30 });
      await stayed.until('Load average');
      await stayed.until('F10');
      const came = new AttachedScreen(test, task, { columns: 110, rows: 30 });
      await came.until('F10');
      await untilSame(stayed, came);
      assert.equal(came.terminal.buffer.active.type, 'alternate');
      assert.equal(came.terminal.modes.mouseTrackingMode, 'vt200');
    },
  );
});

void describe('a program that ends while its terminal shows another screen', () => {
  void it(
    'gives back the first screen and its cursor to who came late',
    { skip: skipWithout('vim') },
    async (test) => {
      const host = await createTerminalHost(test);
      const task = await startInTerminal(host, ['bash', '--norc', '--noprofile', '-i']);
      const stayed = new AttachedScreen(test, task);
      await stayed.until('$ ');
      stayed.type('echo before; vim -u NONE -N\r');
      await stayed.until('VIM - Vi IMproved');
      const came = new AttachedScreen(test, task);
      await came.until('VIM - Vi IMproved');
      came.type(':q\r');
      await came.until(/before\n\$ *$/m);
      await untilSame(stayed, came);
    },
  );
});
