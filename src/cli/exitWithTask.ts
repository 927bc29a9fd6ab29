import { HoldfastError } from '../core/common/errors.ts';
import { COOKIE_VARIABLE } from '../core/tasks/environment.ts';
import { takeLease } from '../core/tasks/leases.ts';
import type { TaskHost } from '../core/tasks/taskHost.ts';
import type { TaskSnapshot } from '../core/tasks/types.ts';
import { EXIT_FAILED } from './failure.ts';
import { tell } from './stdio.ts';
import { waitForTask, type Detachment } from './waitForTask.ts';

/**
 * Waits for a task's end, with which this program then ends, too. Undefined when it was left behind; its user has been
 * told then.
 * @throws HoldfastError `task.notFound` when it was removed meanwhile.
 */
export async function exitWithTask(
  host: TaskHost,
  task: TaskSnapshot,
  { detachment, isSilent }: { readonly detachment: Detachment; readonly isSilent: boolean },
): Promise<TaskSnapshot | undefined> {
  // Whoever waits wants the task to live, as a window does; but no task keeps itself alive, nor the one it belongs to.
  const isOfTask = host.environment[COOKIE_VARIABLE] !== undefined;
  const lease = isOfTask ? undefined : takeLease(host.workspace);
  try {
    const ended = await waitForTask(task, { isSilent, signal: detachment.signal });
    if (ended === undefined) throw removed(task);
    if (ended.status === 'running') {
      tellDetached(task);
      process.exitCode = detachment.exitCode;
      return undefined;
    }
    // Nobody knows the code of a task that was lost.
    process.exitCode = ended.exitCode ?? EXIT_FAILED;
    return ended;
  } finally {
    lease?.dispose();
    detachment.dispose();
  }
}

function tellDetached({ id }: TaskSnapshot): void {
  tell(`detached; ${id} goes on`);
  process.stderr.write(`  To look again: holdfast output ${id} --follow\n`);
  process.stderr.write(`  To end it: holdfast kill ${id}\n`);
}

function removed({ id }: TaskSnapshot): HoldfastError {
  return new HoldfastError('task.notFound', `${id} was removed while it was waited for`, {
    data: { id },
  });
}
