import type { SessionSummary } from '../../core/sessions/sessionSummary.ts';
import { formatDuration, oneLine } from '../../core/tasks/describeTask.ts';

/** A session in words, the same in the view, the picker and every message. */

const DAY_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;
const MINUTE_MS = 60 * 1000;
const MAX_NAME_CHARS = 80;

export type DayGroup = 'Today' | 'Yesterday' | 'Last week' | 'Older';

const clockTime = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
});
const month = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric' });
const shortDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const longDay = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

type Named = Pick<SessionSummary, 'id' | 'title' | 'firstPrompt'> & {
  readonly parent?: string | undefined;
};

const UUID = /^[0-9a-f]{8}-/i;

/** Its title, else how it began, else its id if that is a name somebody chose. */
export function sessionName(
  { id, title, firstPrompt, parent }: Named,
  maxChars = MAX_NAME_CHARS,
): string {
  const text = oneLine(title ?? '', maxChars) || oneLine(firstPrompt ?? '', maxChars);
  if (text !== '') return text;
  if (!UUID.test(id)) return id;
  if (parent !== undefined && !UUID.test(parent)) return `${parent} (branch)`;
  return `Untitled session ${id.slice(0, 4)}`;
}

/** By the days of the reader's own calendar. */
export function dayGroup(atMs: number, nowMs: number): DayGroup {
  const days = daysAgo(atMs, nowMs);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return days <= 7 ? 'Last week' : 'Older';
}

/** The heading of a day in a list: "Today", "Yesterday", "Monday, 16 November", "October 2026". */
export function dayHeading(atMs: number, nowMs: number): string {
  const days = daysAgo(atMs, nowMs);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return days <= 7 ? weekday.format(atMs) : month.format(atMs);
}

/** "just now", "5 min ago", "14:30", "yesterday 09:12", "19 Nov", "19 Nov 2025". */
export function whenText(atMs: number, nowMs: number): string {
  const agoMs = nowMs - atMs;
  if (agoMs < MINUTE_MS) return 'just now';
  if (agoMs < HOUR_MS) return `${Math.floor(agoMs / MINUTE_MS)} min ago`;
  const days = daysAgo(atMs, nowMs);
  if (days <= 0) return clockTime.format(atMs);
  if (days === 1) return `yesterday ${clockTime.format(atMs)}`;
  const isThisYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear();
  return (isThisYear ? shortDay : longDay).format(atMs);
}

/** "in 12 days", "in 3 h", "now": until something expires. */
export function untilText(atMs: number, nowMs: number): string {
  const restMs = atMs - nowMs;
  if (restMs <= 0) return 'now';
  if (restMs >= 2 * DAY_MS) return `in ${Math.floor(restMs / DAY_MS)} days`;
  if (restMs >= HOUR_MS) return `in ${Math.floor(restMs / HOUR_MS)} h`;
  return `in ${Math.max(1, Math.floor(restMs / MINUTE_MS))} min`;
}

/** What a row says beside the name; parts that say nothing are left out. */
export function sessionFacts(
  session: SessionSummary,
  { runningTasks, parentName }: { runningTasks: number; parentName?: string | undefined },
): string[] {
  const durationMs = session.lastActiveMs - session.startMs;
  return [
    session.parent === undefined
      ? ''
      : `branch of ${parentName ?? oneLine(session.parent.slice(0, 8))}`,
    durationMs >= MINUTE_MS ? formatDuration(durationMs - (durationMs % MINUTE_MS)) : '',
    runningTasks > 0 ? `${counted(runningTasks, 'task')} running` : '',
    runningTasks === 0 && session.taskCount > 0 ? counted(session.taskCount, 'task') : '',
    session.messageCount > 0 ? counted(session.messageCount, 'message') : '',
    session.fileCount > 0 ? counted(session.fileCount, 'file') : '',
  ].filter((fact) => fact !== '');
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** "a", "a and b", "a, b and 3 more". */
export function listed(names: readonly string[], most = 3): string {
  if (names.length > most) {
    return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
  }
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** Midnights passed since; rounded, as days of a clock change have another length. */
function daysAgo(atMs: number, nowMs: number): number {
  const midnight = (ms: number): number => new Date(ms).setHours(0, 0, 0, 0);
  return Math.round((midnight(nowMs) - midnight(atMs)) / DAY_MS);
}
