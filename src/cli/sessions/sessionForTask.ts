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
  return await ifHere(host, current);
}

/**
 * The session that reads a task's output: the one that is named, else `HOLDFAST_SESSION` if this workspace has it, else
 * the task's own.
 * @throws HoldfastError `session.notFound` for one that is named and not here.
 */
export async function sessionOfReader(
  host: TaskHost,
  task: TaskSnapshot,
  option: string | undefined,
): Promise<string | undefined> {
  if (option !== undefined) {
    const { SessionStore } = await import('../../core/sessions/sessionStore.ts');
    return new SessionStore(host).resolveId(option);
  }
  return (
    (await ifHere(host, host.environment['HOLDFAST_SESSION'])) ?? (await ifHere(host, task.session))
  );
}

async function ifHere(host: TaskHost, id: string | undefined): Promise<string | undefined> {
  if (!id) return undefined;
  const { findJournal, sessionFilesOf } = await import('../../core/sessions/sessionFiles.ts');
  const { isSessionId } = await import('../../core/sessions/sessionId.ts');
  const isHere = isSessionId(id) && findJournal(sessionFilesOf(host.workspace, id)) !== undefined;
  return isHere ? id : undefined;
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
