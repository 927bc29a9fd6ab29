import { existsSync } from 'node:fs';
import { HoldfastError } from '../../common/errors.ts';
import { findJournal, sessionFilesOf } from '../../sessions/sessionFiles.ts';
import { journalTask } from '../../sessions/sessionTasks.ts';
import { moveToBackground, sweepForgotten } from '../../tasks/foreground.ts';
import { listTasks } from '../../tasks/listTasks.ts';
import { taskDirectoryAt } from '../../tasks/taskDirectory.ts';
import type { TaskHost } from '../../tasks/taskHost.ts';

/**
 * Puts right what agents that were killed have left: commands they waited for become tasks of their sessions, and
 * deletions are finished.
 */
export function adoptAbandoned(host: TaskHost): void {
  sweepForgotten(host.workspace);
  for (const task of listTasks(host.workspace, host.clock.now()).tasks) {
    const files = taskDirectoryAt(task.directory);
    if (!existsSync(files.foreground)) continue;
    try {
      moveToBackground(files);
      const { session } = task;
      if (session === undefined) continue;
      if (findJournal(sessionFilesOf(host.workspace, session)) === undefined) continue;
      journalTask(host, session, task);
    } catch (error) {
      if (!HoldfastError.is(error)) throw error;
      host.log.warn('task.notAdopted', { id: task.id, code: error.code });
    }
  }
}
