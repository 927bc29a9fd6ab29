import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { readText } from '../../../src/core/agents/tools/outputText.ts';
import { requireTerminal } from '../../../src/core/terminals/requireTerminal.ts';
import { sendInput } from '../../../src/core/terminals/sendInput.ts';
import { TerminalClient } from '../../../src/core/terminals/terminalClient.ts';
import type { TaskSnapshot } from '../../../src/core/tasks/types.ts';
import { AttachedScreen, untilSame, USUAL_SIZE } from '../../support/attachedScreen.ts';
import { filesOf, untilOver } from '../../support/taskHost.ts';
import type { Cleanup } from '../../support/tempDir.ts';
import { waitFor } from '../../support/waitFor.ts';
import { createTerminalHost, startInTerminal } from './support.ts';

const ESC = '\x1b';

/** What a terminal is given, byte by byte. */
class RawTerminal {
  screen: string | undefined;
  output = '';

  constructor(test: Cleanup, task: TaskSnapshot) {
    const client = new TerminalClient(
      requireTerminal(task),
      { role: 'attach', ...USUAL_SIZE },
      {
        onScreen: (bytes) => (this.screen = bytes.toString()),
        onOutput: (bytes) => (this.output += bytes.toString()),
        onEnd: () => undefined,
      },
    );
    test.after(() => {
      client.close();
      return Promise.resolve();
    });
  }
}

void describe('a terminal that is attached', { concurrency: 2 }, () => {
  void it('gets links, marks of the shell, true colours and wide characters as the program wrote them', async (test) => {
    const sequences = [
      `${ESC}]633;A${ESC}\\`,
      `${ESC}]633;P;Cwd=/somewhere\x07`,
      `${ESC}]133;D;0\x07`,
      `${ESC}]8;id=one;https://example.org/?a;b${ESC}\\a link${ESC}]8;;${ESC}\\`,
      `${ESC}[38;2;1;2;3;48;2;4;5;6mtrue${ESC}[0m`,
      '日本語 🙂 e\u0301',
      `${ESC}]1337;SetMark\x07`,
      'end',
    ];
    const host = await createTerminalHost(test);
    const octal = Array.from(Buffer.from(sequences.join('')))
      .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
      .join('');
    const line = `stty -echo; read go; printf '${octal}'; exec sleep 1000`;
    const task = await startInTerminal(host, line);
    const raw = new RawTerminal(test, task);
    await waitFor(() => raw.screen !== undefined);
    await sendInput(task, Buffer.from('\n'));
    await waitFor(() => raw.output.endsWith('end'), { describe: () => JSON.stringify(raw.output) });
    const expected = sequences.join('');
    assert.ok(raw.output.endsWith(expected), JSON.stringify(raw.output));
    assert.ok(readFileSync(filesOf(task).output, 'utf8').endsWith(expected));

    const again = new RawTerminal(test, task);
    await waitFor(() => again.screen !== undefined);
    assert.ok(again.screen?.includes(`${ESC}]8;id=one;https://example.org/?a;b${ESC}\\`));
    const [one, other] = [new AttachedScreen(test, task), new AttachedScreen(test, task)];
    await one.until('a linktrue日本語');
    await untilSame(one, other);
  });

  void it('tells the program of the mouse, also one that attaches when that has been asked for', async (test) => {
    const host = await createTerminalHost(test);
    const line = String.raw`stty raw -echo; printf '\033[?1000h\033[?1006hclick'; head -c 18 | od -An -c; exec sleep 1000`;
    const task = await startInTerminal(host, line);
    const screen = new AttachedScreen(test, task);
    await screen.until('click');
    assert.equal(screen.terminal.modes.mouseTrackingMode, 'vt200');
    screen.type(`${ESC}[<0;12;5M${ESC}[<0;12;5m`);
    await screen.until(/033 {3}\[ {3}< {3}0 {3}; {3}1 {3}2/);
  });
});

void describe('a task with a terminal', () => {
  void it('has its output without the sequences wherever it is read as text', async (test) => {
    const host = await createTerminalHost(test);
    const line = String.raw`printf '\033]8;;https://example.org\033\\link\033]8;;\033\\ \033]633;A\007\033[31mred\033[0m\n'`;
    const task = await startInTerminal(host, line);
    await untilOver(host, task);
    const { text } = readText(task.directory, { from: 0, continues: false, isOver: true });
    assert.equal(text, 'link red\n');
  });
});
