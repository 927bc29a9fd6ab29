import { readCursor, requireReaderName, writeCursor } from '../core/tasks/cursors.ts';
import type { TaskHost } from '../core/tasks/taskHost.ts';
import type { TaskSnapshot } from '../core/tasks/types.ts';
import { sessionOfReader } from './sessions/sessionForTask.ts';

/** A journal grows with each line, and a task that is followed may write for days. */
const MIN_JOURNAL_PAUSE_MS = 1000;

/** How far one reader has read one task's output. */
export interface ReaderCursor {
  readonly start: number;
  /** Remembers a position on the way, now or soon. */
  moveTo(offset: number): void;
  /** Remembers the last position. */
  finish(offset: number): void;
}

/**
 * The cursor of a reader: in the journal of the session that reads, so that it is there after a resume and comes along
 * into a branch; beside the task where there is no session.
 * @throws HoldfastError `input.invalid`, `session.notFound`, `file.unreadable`.
 */
export async function openCursor(
  host: TaskHost,
  task: TaskSnapshot,
  { reader, session: option }: { reader: string; session: string | undefined },
): Promise<ReaderCursor> {
  requireReaderName(reader);
  const session = await sessionOfReader(host, task, option);
  return session === undefined
    ? besideTask(task, reader)
    : await inJournal(host, task, { reader, session });
}

function besideTask({ directory }: TaskSnapshot, reader: string): ReaderCursor {
  const start = readCursor(directory, reader);
  let saved = start;
  const moveTo = (offset: number): void => {
    if (offset !== saved) writeCursor(directory, reader, offset);
    saved = offset;
  };
  return { start, moveTo, finish: moveTo };
}

async function inJournal(
  host: TaskHost,
  task: TaskSnapshot,
  { reader, session }: { reader: string; session: string },
): Promise<ReaderCursor> {
  // Only now: most output is read without a session.
  const { Journal } = await import('../core/sessions/journal.ts');
  const { cursorOf } = await import('../core/sessions/sessionOutput.ts');
  const { SessionStore } = await import('../core/sessions/sessionStore.ts');
  const journal = new Journal(host, session);
  const start = cursorOf(new SessionStore(host).fold(session).state, task.id, reader);
  let saved = start;
  let savedAtMs = -Infinity;
  const finish = (offset: number): void => {
    if (offset !== saved) journal.append({ type: 'output-read', task: task.id, reader, offset });
    saved = offset;
  };
  const moveTo = (offset: number): void => {
    const nowMs = performance.now();
    if (nowMs - savedAtMs < MIN_JOURNAL_PAUSE_MS) return;
    savedAtMs = nowMs;
    finish(offset);
  };
  return { start, moveTo, finish };
}
