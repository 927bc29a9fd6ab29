import { listTasks } from '../tasks/listTasks.ts';
import type { SessionHost } from './sessionHost.ts';
import type { SessionSummary } from './sessionSummary.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Tells which sessions are not kept any longer: those that nobody has worked on for so many days, nor had back from the
 * trash, that are not pinned and have no running task. Looks at the tasks once, and only when it comes to that.
 */
export function pastRetention(
  host: SessionHost,
  maxAgeDays: number,
): (session: SessionSummary) => boolean {
  const nowMs = host.clock.now();
  let isBusy: ((session: SessionSummary) => boolean) | undefined;
  return (session) => {
    const { lastActiveMs, restoredMs = lastActiveMs, isPinned } = session;
    if (isPinned || nowMs - Math.max(lastActiveMs, restoredMs) <= maxAgeDays * DAY_MS) return false;
    isBusy ??= busySessions(host, nowMs);
    return !isBusy(session);
  };
}

function busySessions(
  { workspace }: SessionHost,
  nowMs: number,
): (session: SessionSummary) => boolean {
  const tasks = listTasks(workspace, nowMs).tasks.filter(({ status }) => status === 'running');
  const running = new Set(tasks.map(({ id }) => id));
  // A task that was run again may have an end in the journal, but it knows its session.
  const busy = new Set(tasks.map(({ session }) => session));
  return ({ id, openTaskIds }) => busy.has(id) || openTaskIds.some((task) => running.has(task));
}
