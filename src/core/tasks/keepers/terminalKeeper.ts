import { EventEmitter, once } from 'node:events';
import type { Log } from '../../common/log.ts';
import { openPty } from '../../terminals/openPty.ts';
import type { Pty } from '../../terminals/pty.ts';
import { TerminalScreen } from '../../terminals/screen.ts';
import { SequenceScanner } from '../../terminals/sequenceScanner.ts';
import { newSocketPath } from '../../terminals/socketPath.ts';
import { TerminalServer } from '../../terminals/terminalServer.ts';
import { clampSize, DEFAULT_SIZE } from '../../terminals/terminalSize.ts';
import { readDroppedBytes } from '../readTask.ts';
import type { TaskRecord } from '../records.ts';
import type { TaskDirectory } from '../taskDirectory.ts';
import { BoundedLog } from './boundedLog.ts';
import { identityOfCommand, recordExit, recordKeeper } from './keeperRecords.ts';
import { environmentOfCommand } from './nodeEnvironment.ts';
import { watchLimits } from './taskLimits.ts';

/** xterm.js, here and in the editor, is what this name says; programs look it up in a database that all systems have. */
const TERMINAL_NAME = 'xterm-256color';

/**
 * Keeps one task in a terminal that belongs to this process, and so dies with it. Its output goes to the log as it
 * comes, to the screen, and to all who are attached. Resolves when the command is over, its end is on record, and
 * nothing holds its terminal any more.
 */
export async function keepTerminalTask(
  files: TaskDirectory,
  task: TaskRecord,
  log: Log,
): Promise<void> {
  const size = clampSize(task.terminal ?? DEFAULT_SIZE);
  const output = new BoundedLog(files, task.policy.outputLimitBytes, readDroppedBytes(files));
  const terminal: { pty?: Pty } = {};
  const screen = new TerminalScreen(size, {
    onReply: (bytes) => void terminal.pty?.write(bytes),
    onTitle: (title) => {
      server.showTitle(title);
    },
    onError: (error) => {
      log.warn('screen.notDrawn', { error });
    },
  });
  const server = new TerminalServer(task.id, screen);
  const socket = newSocketPath(process.env);
  await server.listen(socket);

  const scanner = new SequenceScanner();
  const events = new EventEmitter();
  const exited = once(events, 'exit') as Promise<[number]>;
  const closed = once(events, 'close');
  const pty = openPty(
    { argv: argvOf(task), cwd: task.cwd, environment: environmentInTerminal(), size },
    {
      onData: (bytes) => {
        output.append(bytes);
        const scanned = scanner.scan(bytes);
        screen.write(scanned.all);
        server.show(scanned);
      },
      onExit: (code) => events.emit('exit', code),
      onClose: () => events.emit('close'),
    },
  );
  terminal.pty = pty;
  server.serve(pty);
  const command = identityOfCommand(pty.pid);
  try {
    recordKeeper(files, command, { terminal: { socket } });
  } catch (error) {
    // What cannot be recorded (the disk is full) must not run: nobody would know of it.
    process.kill(pty.pid, 'SIGKILL');
    throw error;
  }
  const stopWatching = watchLimits(files, task, command, log);
  const [code] = await exited;
  stopWatching();
  screen.write(scanner.finish());
  await recordExit(files, command, code);
  await server.end(code);
  await closed;
  output.close();
  screen.dispose();
}

/** The shell says of what it cannot execute what shells say (126, 127), and is gone otherwise. */
function argvOf(task: TaskRecord): string[] {
  if (process.platform === 'win32') return task.argv;
  return ['/bin/sh', '-c', 'exec "$@"', 'sh', ...task.argv];
}

/** What our own environment says of the terminal of whoever started us is not true of this one. */
function environmentInTerminal(): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(environmentOfCommand(process.env))) {
    if (!OF_OTHER_TERMINALS.test(name)) environment[name] = value;
  }
  return { ...environment, TERM: TERMINAL_NAME, COLORTERM: 'truecolor' };
}

const OF_OTHER_TERMINALS =
  /^(COLUMNS|LINES|TERMCAP|TMUX|TMUX_PANE|STY|WINDOW|WINDOWID|TERM_PROGRAM|TERM_PROGRAM_VERSION|VTE_VERSION|WT_SESSION|KITTY_\w+|ITERM_\w+)$/;
