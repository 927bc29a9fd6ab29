import type { TaskSnapshot } from '../tasks/types.ts';
import { connectionError, requireTerminal } from './requireTerminal.ts';
import { TerminalClient } from './terminalClient.ts';

/** A program that never reads its input fills the terminal after some kilobytes. */
const TAKE_MS = 10_000;

/**
 * Types into a task's terminal, as a person would, and returns when the terminal has taken it all.
 * @throws HoldfastError `terminal.none`, `task.notRunning`, `terminal.unreachable`, `terminal.newerVersion`.
 */
export function sendInput(
  task: TaskSnapshot,
  bytes: Buffer,
  { timeLimitMs = TAKE_MS }: { timeLimitMs?: number } = {},
): Promise<void> {
  const socketPath = requireTerminal(task);
  if (bytes.length === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      clearTimeout(timer);
      client.close();
      reject(error);
    };
    const timer = setTimeout(() => {
      fail(connectionError(task.id, { kind: 'lost' }));
    }, timeLimitMs);
    const client = new TerminalClient(
      socketPath,
      { role: 'send' },
      {
        onReady: () => client.type(bytes),
        onTaken: (count) => {
          if (count < bytes.length) return;
          clearTimeout(timer);
          client.close();
          resolve();
        },
        onEnd: (end) => {
          fail(connectionError(task.id, end));
        },
      },
    );
  });
}
