import { readOutput, type OutputRange } from '../tasks/output.ts';
import type { TaskSnapshot } from '../tasks/types.ts';
import type { Journal } from './journal.ts';
import type { SessionState } from './sessionState.ts';
import type { SessionStore } from './sessionStore.ts';

export interface NewOutputRequest {
  readonly task: TaskSnapshot;
  /** Who reads; each reader of a session has a cursor of its own. */
  readonly reader: string;
  readonly maxBytes?: number;
  /** Also take a last line that has no newline yet. */
  readonly includePartialLine?: boolean;
}

/** How far a reader of this session has read a task's output; 0 for one that has not read yet. */
export function cursorOf(state: SessionState, taskId: string, reader: string): number {
  return state.cursors.get(taskId)?.offsets.get(reader) ?? 0;
}

/**
 * Reads what a task has written since this reader of this session last asked, in whichever process that was, and
 * remembers it in the journal.
 * @throws HoldfastError `session.notFound`, `task.logMissing`, `file.unreadable`, `disk.full`, `home.notWritable`.
 */
export function readNewOutput(
  store: SessionStore,
  journal: Journal,
  { task, reader, maxBytes, includePartialLine }: NewOutputRequest,
): OutputRange {
  const from = cursorOf(store.fold(journal.id).state, task.id, reader);
  const range = readOutput(task.directory, {
    from,
    continues: from > 0,
    isOver: task.status !== 'running',
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(includePartialLine === undefined ? {} : { includePartialLine }),
  });
  if (range.to !== from) {
    journal.append({ type: 'output-read', task: task.id, reader, offset: range.to });
  }
  return range;
}
