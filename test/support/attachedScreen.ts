import { Terminal } from '@xterm/headless/lib-headless/xterm-headless.mjs';
import { separateBrokenWraps } from '../../src/core/terminals/brokenWraps.ts';
import { useWidthsOfToday } from '../../src/core/terminals/characterWidths.ts';
import { requireTerminal } from '../../src/core/terminals/requireTerminal.ts';
import { SCROLLBACK_LINES } from '../../src/core/terminals/scrollback.ts';
import { TerminalClient, type TerminalEnd } from '../../src/core/terminals/terminalClient.ts';
import type { TerminalSize } from '../../src/core/terminals/terminalSize.ts';
import type { TaskSnapshot } from '../../src/core/tasks/types.ts';
import { dumpBuffer, dumpScreen } from './screenDump.ts';
import type { Cleanup } from './tempDir.ts';
import { waitFor } from './waitFor.ts';

export const USUAL_SIZE: TerminalSize = { columns: 80, rows: 24 };

/** A terminal attached to a task, as a window or a command line is. */
export class AttachedScreen {
  readonly client: TerminalClient;
  readonly terminal: Terminal;
  screens = 0;
  outputBytes = 0;
  title = '';
  end: TerminalEnd | undefined;

  constructor(test: Cleanup, task: TaskSnapshot, size: TerminalSize = USUAL_SIZE) {
    this.terminal = new Terminal({
      cols: size.columns,
      rows: size.rows,
      scrollback: SCROLLBACK_LINES,
      allowProposedApi: true,
    });
    useWidthsOfToday(this.terminal);
    this.client = new TerminalClient(
      requireTerminal(task),
      {
        role: 'attach',
        ...size,
        scrollback: SCROLLBACK_LINES,
        scrollbackAgain: SCROLLBACK_LINES,
      },
      {
        onSize: ({ columns, rows }) => {
          // What came before was for the size before, and may not have been drawn yet.
          this.terminal.write('', () => {
            this.terminal.resize(columns, rows);
          });
        },
        onScreen: (bytes) => {
          this.screens += 1;
          this.terminal.write('\x1bc');
          this.terminal.write(Buffer.from(bytes));
        },
        onOutput: (bytes) => {
          this.outputBytes += bytes.length;
          this.terminal.write(Buffer.from(bytes));
        },
        onTitle: (title) => {
          this.title = title;
        },
        onEnd: (end) => {
          this.end = end;
        },
      },
    );
    test.after(() => {
      this.close();
      return Promise.resolve();
    });
  }

  type(text: string): void {
    this.client.type(Buffer.from(text, 'utf8'));
  }

  close(): void {
    this.client.close();
  }

  /** The lines that can be seen, without styles. */
  get text(): string {
    const { active } = this.terminal.buffer;
    return Array.from({ length: this.terminal.rows }, (_, row) =>
      active.getLine(active.baseY + row)?.translateToString(true),
    ).join('\n');
  }

  /** Waits until a text can be seen. */
  async until(text: string | RegExp, deadlineMs = 10_000): Promise<void> {
    await waitFor(
      () => (typeof text === 'string' ? this.text.includes(text) : text.test(this.text)),
      {
        deadlineMs,
        intervalMs: 10,
        describe: () => `${String(text)} on the screen:\n${this.text}`,
      },
    );
  }

  /** What has been received is drawn later: waits until all of it is. */
  async dump(): Promise<object> {
    await new Promise<void>((resolve) => {
      this.terminal.write('', resolve);
    });
    separateBrokenWraps(this.terminal);
    return dumpScreen(this.terminal);
  }

  get lines(): string[] {
    return dumpBuffer(this.terminal.buffer.active, this.terminal);
  }
}

/** Waits until two terminals show the same, cell by cell, and behave the same from here on. */
export async function untilSame(one: AttachedScreen, other: AttachedScreen): Promise<void> {
  let differing: readonly unknown[] = [];
  await waitFor(
    async () => {
      const [a, b] = [
        JSON.stringify(await one.dump(), null, 1),
        JSON.stringify(await other.dump(), null, 1),
      ];
      const [left, right] = [a.split('\n'), b.split('\n')];
      differing = left.flatMap((line, i) => (line === right[i] ? [] : [[line, right[i]]]));
      return a === b;
    },
    {
      deadlineMs: 5000,
      describe: () => `the same screens; they differ in ${JSON.stringify(differing.slice(0, 5))}`,
    },
  );
}
