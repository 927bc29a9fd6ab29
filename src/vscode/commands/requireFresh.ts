import { findTask } from '../../core/tasks/listTasks.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import type { HoldfastWindow } from '../holdfastWindow.ts';

/** A task as it stands now; what a list or a message showed may be minutes old. @throws HoldfastError `task.notFound`. */
export function requireFresh({ host }: HoldfastWindow, id: string): TaskSnapshot {
  return findTask(host.workspace, id, host.clock.now());
}
