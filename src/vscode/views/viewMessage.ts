import { existsSync } from 'node:fs';
import type { Workspace } from '../../core/store/workspace.ts';
import { listTaskNames } from '../../core/tasks/listTasks.ts';
import { taskDirectoryOf } from '../../core/tasks/taskDirectory.ts';
import type { TaskFeed } from '../../core/tasks/taskFeed.ts';
import type { WaitingQuestion } from '../claude/agentQuestions.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';

const MAX_NAMED = 3;

/** What the view says above its rows: what waits for an answer, tasks that cannot be read, and tasks that are lost. */
export function viewMessage(
  tasks: readonly TaskSnapshot[],
  unreadable: readonly string[],
  waiting: readonly WaitingQuestion[] = [],
): string | undefined {
  const lost = tasks.filter(({ status }) => status === 'lost').map(({ id }) => id);
  const parts: string[] = [];
  const askers = [...new Set(waiting.map(({ task }) => task.id))];
  if (askers.length > 0) {
    const them = waiting.length === 1 ? 'it' : 'them';
    parts.push(`Claude waits for you in ${nameSome(askers)}. Answer ${them} by the bell.`);
  }
  if (unreadable.length > 0) {
    const files = `${unreadable.length === 1 ? 'its' : 'their'} task.json`;
    parts.push(
      `${nameSome(unreadable)} cannot be shown: ${files} cannot be read. Nothing was changed or removed; see the Holdfast log.`,
    );
  }
  if (lost.length > 0) {
    const isReboot = tasks.some(({ lossReason }) => lossReason === 'reboot');
    const why = isReboot ? ' when the machine was restarted' : '';
    const [were, them] = lost.length === 1 ? ['was', 'it'] : ['were', 'them'];
    parts.push(`${nameSome(lost)} ${were} lost${why}. Restart or remove ${them} here.`);
  }
  return parts.length === 0 ? undefined : parts.join(' ');
}

/** The tasks that have a record which cannot be read: those the feed does not know, but for removed ones. */
export function findUnreadable(workspace: Workspace, feed: TaskFeed): string[] {
  return listTaskNames(workspace).filter((name) => {
    if (feed.get(name) !== undefined) return false;
    const files = taskDirectoryOf(workspace, name);
    return existsSync(files.task) && !existsSync(files.removed);
  });
}

function nameSome(ids: readonly string[]): string {
  const more = ids.length - MAX_NAMED;
  const named = ids.slice(0, more > 0 ? MAX_NAMED : undefined);
  if (more > 0) return `${named.join(', ')} and ${more} more`;
  const last = named.at(-1) ?? '';
  return named.length < 2 ? last : `${named.slice(0, -1).join(', ')} and ${last}`;
}
