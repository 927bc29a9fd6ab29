import { HoldfastError } from '../common/errors.ts';
import type { TaskSnapshot } from '../tasks/types.ts';
import type { TerminalEnd } from './terminalClient.ts';

/**
 * Where the keeper of a task's terminal listens.
 * @throws HoldfastError `terminal.none`, `task.notRunning`, `terminal.unreachable`.
 */
export function requireTerminal(task: TaskSnapshot): string {
  const data = { id: task.id };
  if (task.terminal === undefined) {
    throw new HoldfastError('terminal.none', `${task.id} has no terminal`, { data });
  }
  if (task.status !== 'running') {
    throw new HoldfastError('task.notRunning', `${task.id} does not run`, { data });
  }
  if (task.terminal.socket === undefined) throw unreachable(task.id);
  return task.terminal.socket;
}

/** The failure that an end of a connection is to someone who wanted to go on. */
export function connectionError(id: string, end: TerminalEnd): HoldfastError {
  switch (end.kind) {
    case 'ended':
      return new HoldfastError('task.notRunning', `${id} has ended`, { data: { id } });
    case 'refused':
      return new HoldfastError('terminal.newerVersion', `${id}: another protocol`, {
        data: { id },
      });
    case 'lost':
      return unreachable(id);
  }
}

function unreachable(id: string): HoldfastError {
  return new HoldfastError('terminal.unreachable', `the terminal of ${id} does not answer`, {
    data: { id },
  });
}
