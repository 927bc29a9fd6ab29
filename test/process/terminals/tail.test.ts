import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TaskSnapshot } from '../../../src/core/tasks/types.ts';
import { readOutput } from '../../../src/core/tasks/output.ts';
import { requireTerminal } from '../../../src/core/terminals/requireTerminal.ts';
import { TerminalClient, type TerminalEnd } from '../../../src/core/terminals/terminalClient.ts';
import { TerminalScreen } from '../../../src/core/terminals/screen.ts';
import { untilOver } from '../../support/taskHost.ts';
import { waitFor } from '../../support/waitFor.ts';
import { USUAL_SIZE } from '../../support/attachedScreen.ts';
import { createTerminalHost, startInTerminal } from './support.ts';

const ROUNDS = 200;
const AT_ONCE = 4;
const LINES = 200_000;
/** Twelve bytes each, and the carriage return that a terminal puts before the newline. */
const LINE_BYTES = 13;
const TAIL_BYTES = 64 * 1024;

/** An attached terminal that draws only the end of what it is given: drawing all of it 200 times would take minutes. */
class TailOfTerminal {
  readonly client: TerminalClient;
  #tail = Buffer.alloc(0);
  hasScreen = false;
  end: TerminalEnd | undefined;

  constructor(task: TaskSnapshot) {
    this.client = new TerminalClient(
      requireTerminal(task),
      { role: 'attach', ...USUAL_SIZE },
      {
        onScreen: (bytes) => {
          this.hasScreen = true;
          this.#tail = Buffer.from(bytes);
        },
        onOutput: (bytes) => {
          const all = Buffer.concat([this.#tail, bytes]);
          this.#tail = all.subarray(Math.max(0, all.length - TAIL_BYTES));
        },
        onEnd: (end) => {
          this.end = end;
        },
      },
    );
  }

  /** The visible lines, without styles. */
  lines(): string[] {
    const screen = new TerminalScreen(USUAL_SIZE, {
      onReply: () => undefined,
      onTitle: () => undefined,
      onError: assert.ifError,
    });
    screen.write(this.#tail);
    const text = screen.snapshot(0).toString();
    screen.dispose();
    return text.match(/\d{11}/g) ?? [];
  }
}

void describe('a program that writes 2.4 MB and ends at once', () => {
  void it(`is whole in log and screen, ${ROUNDS} times of ${ROUNDS}`, async (test) => {
    const host = await createTerminalHost(test);
    const program = `BEGIN { getline; for (i = 0; i < ${LINES}; i++) printf "%011d\\n", i }`;
    const last = Array.from({ length: 23 }, (_, i) => String(LINES - 23 + i).padStart(11, '0'));
    const run = async (isSlow: boolean): Promise<void> => {
      const task = await startInTerminal(host, ['awk', program]);
      const terminal = new TailOfTerminal(task);
      await waitFor(() => terminal.hasScreen, { intervalMs: 5 });
      // The echo of what is typed comes first in the log: an empty line.
      terminal.client.type(Buffer.from('\r'));
      // One that does not read gets the last screen in place of what it has missed.
      if (isSlow) terminal.client.pause();
      const over = await untilOver(host, task, 60_000);
      assert.equal(over.outputBytes, 2 + LINES * LINE_BYTES);
      const from = over.outputBytes - LINE_BYTES;
      const end = readOutput(task.directory, { from, isOver: true });
      assert.equal(end.text, `${String(last.at(-1))}\r\n`);
      terminal.client.resume();
      await waitFor(() => terminal.end);
      assert.deepEqual(terminal.end, { kind: 'ended', exitCode: 0 });
      assert.deepEqual(terminal.lines().slice(-23), last);
    };
    for (let round = 0; round < ROUNDS; round += AT_ONCE) {
      await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => run(index % 2 === 1)));
    }
  });
});
