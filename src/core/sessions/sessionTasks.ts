import { HoldfastError } from '../common/errors.ts';
import { listTasks } from '../tasks/listTasks.ts';
import type { TaskSnapshot } from '../tasks/types.ts';
import { Journal } from './journal.ts';
import type { SessionHost } from './sessionHost.ts';
import { snapshotOf } from './sessionRecord.ts';
import type { SessionState, SessionTask } from './sessionState.ts';
import type { SessionStore } from './sessionStore.ts';

/** Says in a session's journal that a task belongs to it. @throws HoldfastError `session.notFound`, `disk.full`, `home.notWritable`. */
export function journalTask(host: SessionHost, id: string, task: TaskSnapshot): void {
  new Journal(host, id).append({
    type: 'task',
    id: task.id,
    uuid: task.cookie,
    command: task.command,
    cwd: task.cwd,
    startedAt: new Date(task.startedAtMs ?? task.createdAtMs).toISOString(),
  });
}

/** A task of a session with how it stands now; `gone` when its directory was deleted and its end never noted. */
export interface ReattachedTask {
  readonly id: string;
  readonly command: string;
  readonly state: 'running' | 'ended' | 'lost' | 'gone';
  readonly exitCode: number | undefined;
  readonly snapshot: TaskSnapshot | undefined;
}

/** The rest of a sentence that begins with the task's id. */
export const reattachedWords: Readonly<Record<ReattachedTask['state'], string>> = {
  running: 'runs',
  ended: 'has ended',
  lost: 'was lost',
  gone: 'is gone without a record',
};

/**
 * Finds a session's tasks again, and writes down tasks and ends that the journal does not have yet. Nothing is started.
 * @returns the tasks that run, and those that ended since the journal last heard of them.
 * @throws HoldfastError `disk.full`, `home.notWritable`, `file.unreadable`.
 */
export function reattachTasks(
  host: SessionHost,
  journal: Journal,
  state: SessionState,
): ReattachedTask[] {
  const { tasks } = listTasks(host.workspace, host.clock.now());
  const unnoted = noteUnnoted(host, journal.id, state, tasks);
  return [...state.tasks.values(), ...unnoted].flatMap((task) => {
    const found = snapshotOf(task, tasks);
    if (found?.status === 'running') return [reattached(task, found, 'running')];
    if (task.end !== undefined) return [];
    noteEnd(journal, task, found);
    if (found === undefined) return [reattached(task, found, 'gone')];
    return [reattached(task, found, found.status === 'lost' ? 'lost' : 'ended')];
  });
}

/** Whoever started these was killed before it could say so in the journal. */
function noteUnnoted(
  host: SessionHost,
  session: string,
  state: SessionState,
  tasks: readonly TaskSnapshot[],
): SessionTask[] {
  const unnoted = tasks.filter((task) => {
    if (task.session !== session || task.isForeground === true) return false;
    const noted = state.tasks.get(task.id);
    return noted === undefined || snapshotOf(noted, [task]) === undefined;
  });
  return unnoted.map((task) => {
    journalTask(host, session, task);
    const { id, cookie: uuid, command, cwd, startedAtMs = task.createdAtMs } = task;
    return { id, uuid, command, cwd, startedAtMs, end: undefined };
  });
}

/**
 * Writes into the journals the ends of tasks that they do not have yet, in whichever sessions these are. To be called
 * before tasks are removed: afterwards nobody knows how they ended.
 * @returns how many were written.
 * @throws HoldfastError `disk.full`, `home.notWritable`, `file.unreadable`.
 */
export function noteEndedTasks(store: SessionStore, tasks: readonly TaskSnapshot[]): number {
  const ended = tasks.filter(({ status }) => status !== 'running');
  const endedIds = new Set(ended.map(({ id }) => id));
  let count = 0;
  for (const { id, openTaskIds } of store.list().sessions) {
    if (!openTaskIds.some((task) => endedIds.has(task))) continue;
    const journal = new Journal(store.host, id);
    for (const task of store.fold(id).state.tasks.values()) {
      const found = task.end === undefined ? snapshotOf(task, ended) : undefined;
      if (found === undefined) continue;
      noteEnd(journal, task, found);
      count += 1;
    }
  }
  return count;
}

/**
 * Notes the ends of tasks, then does what removes them; on a full disk the other way round, since that makes the room.
 * @throws HoldfastError as {@link noteEndedTasks}.
 */
export function withEndsNoted<T>(
  store: SessionStore,
  tasks: readonly TaskSnapshot[],
  remove: () => T,
): T {
  let isFull = false;
  try {
    noteEndedTasks(store, tasks);
  } catch (error) {
    if (!HoldfastError.is(error, 'disk.full')) throw error;
    isFull = true;
  }
  const result = remove();
  if (isFull) noteEndedTasks(store, tasks);
  return result;
}

function noteEnd(journal: Journal, task: SessionTask, found: TaskSnapshot | undefined): void {
  const endedAtMs = found?.endedAtMs;
  journal.append({
    type: 'task-end',
    id: task.id,
    status: found?.status ?? 'lost',
    exitCode: found?.exitCode ?? null,
    signal: found?.signal ?? null,
    endedAt: endedAtMs === undefined ? null : new Date(endedAtMs).toISOString(),
  });
}

function reattached(
  { id, command }: SessionTask,
  snapshot: TaskSnapshot | undefined,
  state: ReattachedTask['state'],
): ReattachedTask {
  return { id, command, state, exitCode: snapshot?.exitCode, snapshot };
}
