import type { Disposable } from '../core/common/disposables.ts';
import type { TaskSnapshot } from '../core/tasks/types.ts';
import type { HoldfastWindow } from './holdfastWindow.ts';

/**
 * Tells of each attempt that ended while this window watched; also of one so short that no look at the tasks ever saw
 * it running. What ended before is for the summary of what happened while away.
 */
export function onDidEndTask(
  { feed, host }: HoldfastWindow,
  listener: (tasks: readonly TaskSnapshot[]) => void,
): Disposable {
  const openedAtMs = host.clock.now();
  const overAttempts = new Map<string, number>();
  const noteOver = (tasks: readonly TaskSnapshot[]): void => {
    for (const { id, status, attempt } of tasks) {
      if (status !== 'running') overAttempts.set(id, attempt);
    }
  };
  noteOver(feed.tasks);
  return feed.onDidChange(({ added, changed, removed }) => {
    const ended = [...added, ...changed].filter((task) => {
      if (task.status === 'running' || overAttempts.get(task.id) === task.attempt) return false;
      return (task.endedAtMs ?? task.createdAtMs) >= openedAtMs;
    });
    noteOver([...added, ...changed]);
    for (const { id } of removed) overAttempts.delete(id);
    if (ended.length > 0) listener(ended);
  });
}
