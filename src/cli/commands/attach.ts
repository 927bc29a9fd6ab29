import { Option, type Command } from 'commander';
import { HoldfastError } from '../../core/common/errors.ts';
import { taskStatusText } from '../../core/tasks/describeTask.ts';
import { findTask } from '../../core/tasks/listTasks.ts';
import type { OutputBytes } from '../../core/tasks/output.ts';
import { readTask } from '../../core/tasks/readTask.ts';
import type { TaskHost } from '../../core/tasks/taskHost.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import { connectionError } from '../../core/terminals/requireTerminal.ts';
import { attachTerminal } from '../attach/attachTerminal.ts';
import { DEFAULT_DETACH_KEY, parseDetachKey, type DetachKey } from '../attach/detachKey.ts';
import { openHost, type CommonOptions } from '../context.ts';
import { isOwnTask } from '../eachTask.ts';
import { EXIT_FAILED } from '../failure.ts';
import { takeOutput } from '../followOutput.ts';
import { addCommand } from '../program.ts';
import { tell, writeOut } from '../stdio.ts';

interface AttachOptions extends CommonOptions {
  readonly detachKey: DetachKey;
}

export function define(program: Command): void {
  addCommand(program, 'attach', {
    summary: 'take the terminal of an interactive task into this one',
    details:
      'The screen is there as it was, with what has scrolled off. Several may attach; the last to type sets the size. Ctrl+] detaches, and the program goes on. Exits with the exit code of a program that ends meanwhile.',
    example: 'holdfast attach bash_4\nholdfast attach bash_4 --detach-key ctrl-a',
  })
    .argument('<id>', 'a task that was started with --tty: bash_4, or 4')
    .addOption(detachKeyOption())
    .action(attach);
}

export function detachKeyOption(): Option {
  return new Option('--detach-key <key>', 'the key that leaves the program to itself, or none')
    .env('HOLDFAST_DETACH_KEY')
    .argParser(parseDetachKey)
    .default(parseDetachKey(DEFAULT_DETACH_KEY), DEFAULT_DETACH_KEY);
}

async function attach(id: string, { detachKey, ...options }: AttachOptions): Promise<void> {
  const host = openHost(options);
  await attachTo(host, findTask(host.workspace, id, host.clock.now()), detachKey);
}

/**
 * Attaches to a task that this program has just started; one that has ended before is shown with all that it wrote.
 * @throws HoldfastError as {@link attachTo}.
 */
export async function attachToNew(
  host: TaskHost,
  task: TaskSnapshot,
  key: DetachKey,
): Promise<void> {
  try {
    await attachTo(host, task, key);
  } catch (error) {
    const isOver =
      HoldfastError.is(error, 'task.notRunning') || HoldfastError.is(error, 'terminal.unreachable');
    const now = isOver ? readTask(task.directory, host.clock.now()) : undefined;
    if (now === undefined || now.status === 'running') throw error;
    const take = ({ bytes }: OutputBytes): Promise<void> => writeOut(bytes);
    await takeOutput(now, { from: 0, includePartialLine: true, take });
    tell(`${now.id}: ${taskStatusText(now)}`);
    process.exitCode = now.exitCode ?? EXIT_FAILED;
  }
}

/** @throws HoldfastError as {@link attachTerminal}, and `input.invalid` where there is no terminal to attach to. */
async function attachTo(host: TaskHost, task: TaskSnapshot, key: DetachKey): Promise<void> {
  requireOwnTerminal(task);
  const leaving = await attachTerminal(task, key);
  const now = readTask(task.directory, host.clock.now());
  if (leaving.kind === 'detached') {
    tell(`detached; ${task.id} goes on`);
    process.stderr.write(`  To come back: holdfast attach ${task.id}\n`);
  } else if (leaving.kind === 'ended') {
    tell(`${task.id}: ${now === undefined ? 'removed' : taskStatusText(now)}`);
    process.exitCode = leaving.exitCode ?? EXIT_FAILED;
  } else {
    throw connectionError(task.id, leaving);
  }
}

export function requireOwnTerminal(task: TaskSnapshot | undefined): void {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new HoldfastError(
      'input.invalid',
      'attaching needs a terminal; without one, use `holdfast send ID TEXT` and `holdfast output ID`',
    );
  }
  if (task !== undefined && isOwnTask(task)) {
    throw new HoldfastError('input.invalid', `${task.id} cannot be attached to from inside itself`);
  }
}
