import { userMessageFor } from '../../core/common/userMessage.ts';
import type { TaskHost } from '../../core/tasks/taskHost.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import { tell } from '../stdio.ts';

/**
 * The session that a new task belongs to: the one that is named, begun if need be, else `HOLDFAST_SESSION` if this
 * workspace has it (the variable may come from another folder's terminal).
 * @throws HoldfastError `session.idInvalid`, `disk.full`, `home.notWritable`.
 */
export async function sessionForTask(
  host: TaskHost,
  option: string | undefined,
): Promise<string | undefined> {
  const current = host.environment['HOLDFAST_SESSION'];
  if (option === undefined && !current) return undefined;
  // Only now: most tasks are started without a session.
  const { ensureSession } = await import('../../core/sessions/createSession.ts');
  if (option !== undefined) return ensureSession(host, option);
  const { listSessionIds } = await import('../../core/sessions/sessionFiles.ts');
  return listSessionIds(host.workspace).find((id) => id === current);
}

/** Says in the session's journal that the task is its own. The task runs: a failure is told, and nothing more. */
export async function noteTask(host: TaskHost, session: string, task: TaskSnapshot): Promise<void> {
  try {
    const { journalTask } = await import('../../core/sessions/sessionTasks.ts');
    journalTask(host, session, task);
  } catch (error) {
    tell(`${task.id} runs, but was not noted in the session: ${userMessageFor(error).message}`);
  }
}
