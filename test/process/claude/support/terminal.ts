import type { TestContext } from 'node:test';
import { spawn } from '@lydell/node-pty';
import { readIdentity } from '../../../../src/core/processes/identity.ts';
import { sendSignal } from '../../../../src/core/processes/signals.ts';
import { waitFor } from '../../../support/waitFor.ts';
import type { Claude } from './claude.ts';

/** Claude Code in a terminal, as a user has it. */
export interface ClaudeInTerminal {
  readonly pid: number;
  /** All that it has written, without escape sequences and blanks: it draws, so words may come in pieces. */
  readonly text: () => string;
  type(keys: string): void;
  /** Types a prompt of one line and sends it. */
  ask(line: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  hasEnded(): boolean;
  /** As closing the terminal's window does. */
  close(): void;
  untilEnded(): Promise<void>;
}

export const ESCAPE = '\x1b';
export const CTRL_C = '\x03';
const BELL = '\x07';

/** Starts it and waits until it takes a prompt. */
export async function startInTerminal(
  test: TestContext,
  claude: Claude,
  args: readonly string[] = [],
): Promise<ClaudeInTerminal> {
  // Newer versions have the service judge commands by default; the stand-in does not.
  const mode = ['--permission-mode', 'default'];
  const terminal = spawn(claude.program, [...mode, ...args], {
    cols: 120,
    rows: 40,
    cwd: claude.folder,
    env: { ...claude.env, TERM: 'xterm-256color' },
  });
  let raw = '';
  let hasEnded = false;
  terminal.onData((data) => {
    raw += data;
  });
  terminal.onExit(() => {
    hasEnded = true;
  });
  test.after(() => {
    const identity = readIdentity(terminal.pid);
    if (!hasEnded && identity !== undefined) sendSignal(identity, 'SIGKILL');
  });
  const text = (): string => plain(raw);
  const describe = (): string => `Claude Code in its terminal: ${text().slice(-1500)}`;
  await waitFor(() => text().includes('?forshortcuts') || /❯/.test(text()), {
    describe,
    deadlineMs: 120_000,
  });
  return {
    pid: terminal.pid,
    text,
    type: (keys) => {
      terminal.write(keys);
    },
    ask: async (line) => {
      terminal.write(line);
      const shown = plain(line).slice(-20);
      await waitFor(() => text().includes(shown), { describe });
      terminal.write('\r');
    },
    kill: (signal) => {
      process.kill(terminal.pid, signal);
    },
    close: () => {
      terminal.kill('SIGHUP');
    },
    hasEnded: () => hasEnded,
    untilEnded: async () => {
      await waitFor(() => hasEnded, { describe, deadlineMs: 120_000 });
    },
  };
}

/** CSI and OSC sequences, and the short ones. */
const ESCAPE_SEQUENCE = new RegExp(
  String.raw`${ESCAPE}(?:\[[0-9;?<>=]*[ -/]*[@-~]|\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\)|[()][A-Z0-9]|[78=>])`,
  'g',
);

function plain(raw: string): string {
  return raw.replaceAll(ESCAPE_SEQUENCE, '').replaceAll(/\s+/g, '');
}
