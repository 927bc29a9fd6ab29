import type { Log } from '../../core/common/log.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import type { LazySessions } from './lazySessions.ts';

/** What a window has that starts a task. */
interface Starter {
  readonly sessions: LazySessions;
  readonly log: Log;
}

/** The session that a task belongs to which is about to be started; the task matters more than that it has one. */
export async function sessionForTask(
  { sessions, log }: Starter,
  about: string,
): Promise<string | undefined> {
  try {
    return (await sessions.open()).current.ensure(about);
  } catch (error) {
    log.warn('task.withoutSession', { error });
    return undefined;
  }
}

/** Says in its session that a task was started. */
export async function noteTaskInSession(
  { sessions, log }: Starter,
  task: TaskSnapshot,
): Promise<void> {
  if (task.session === undefined) return;
  try {
    const { current, feed, window } = await sessions.open();
    current.noteTask(task.session, task);
    // A short one may be over by now, and its end told before its beginning.
    const now = window.feed.get(task.id);
    if (now !== undefined && now.status !== 'running') current.noteTaskEnd(now);
    feed.refresh();
  } catch (error) {
    log.warn('task.notNoted', { id: task.id, error });
  }
}
