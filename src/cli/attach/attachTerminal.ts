import { requireTerminal } from '../../core/terminals/requireTerminal.ts';
import { SCROLLBACK_LINES } from '../../core/terminals/scrollback.ts';
import { TerminalClient, type TerminalEnd } from '../../core/terminals/terminalClient.ts';
import { DEFAULT_SIZE, type TerminalSize } from '../../core/terminals/terminalSize.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import { findDetachKey, type DetachKey } from './detachKey.ts';
import { againSequence, enterSequence, leaveSequence } from './terminalModes.ts';

/** Why one is not attached any more. */
export type Leaving = { readonly kind: 'detached' } | TerminalEnd;

const { stdin, stdout } = process;

/** The size of the terminal that we run in, if we do. */
export function ownSize(): TerminalSize {
  return stdout.isTTY ? { columns: stdout.columns, rows: stdout.rows } : DEFAULT_SIZE;
}

/**
 * Puts a task's terminal into ours until the user detaches, the program ends, or the connection does. Ours is as it was
 * when this returns.
 * @throws HoldfastError `terminal.none`, `task.notRunning`, `terminal.unreachable`.
 */
export async function attachTerminal(task: TaskSnapshot, key: DetachKey): Promise<Leaving> {
  const socketPath = requireTerminal(task);
  let hasShown = false;
  const leave = (): void => {
    if (hasShown) stdout.write(leaveSequence(ownSize().rows));
    hasShown = false;
    if (stdin.isTTY) stdin.setRawMode(false);
  };
  // Whatever ends this process otherwise.
  process.once('exit', leave);
  try {
    return await new Promise<Leaving>((resolve) => {
      const client: TerminalClient = new TerminalClient(
        socketPath,
        { role: 'attach', ...ownSize(), scrollback: SCROLLBACK_LINES, scrollbackAgain: 0 },
        {
          onScreen: (bytes, isAgain) => {
            stdout.write(isAgain ? againSequence() : enterSequence(ownSize().rows));
            hasShown = true;
            show(client, bytes);
          },
          onOutput: (bytes) => {
            show(client, bytes);
          },
          onEnd: (end) => {
            finish(end);
          },
        },
      );
      const connection = connectKeyboard(client, key, () => {
        client.close();
        finish({ kind: 'detached' });
      });
      const finish = (leaving: Leaving): void => {
        connection.dispose();
        resolve(leaving);
      };
    });
  } finally {
    leave();
    process.off('exit', leave);
  }
}

function show(client: TerminalClient, bytes: Buffer): void {
  if (stdout.write(bytes)) return;
  client.pause();
  stdout.once('drain', () => {
    client.resume();
  });
}

/** Passes on what is typed, and the size of our window as it changes. */
function connectKeyboard(
  client: TerminalClient,
  key: DetachKey,
  detach: () => void,
): { dispose: () => void } {
  const onData = (typed: Buffer): void => {
    const at = findDetachKey(key, typed);
    const isFlowing = client.type(at < 0 ? typed : typed.subarray(0, at));
    if (at >= 0) {
      detach();
    } else if (!isFlowing) {
      stdin.pause();
      client.onceSent(() => stdin.resume());
    }
  };
  const onResize = (): void => {
    client.resize(ownSize());
  };
  const signals = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.on('data', onData);
  stdin.once('end', detach);
  stdin.resume();
  stdout.on('resize', onResize);
  for (const signal of signals) process.on(signal, detach);
  return {
    dispose: () => {
      stdin.off('data', onData);
      stdin.off('end', detach);
      stdin.pause();
      stdout.off('resize', onResize);
      for (const signal of signals) process.off(signal, detach);
    },
  };
}
