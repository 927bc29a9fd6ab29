import type { SessionSummary } from '../../core/sessions/sessionSummary.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';
import { counted } from './counted.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_TITLE_CHARACTERS = 60;
const MAX_ID_CHARACTERS = 36;

/** A session of a list, with what its tasks do now. */
export interface ListedSession extends SessionSummary {
  readonly workspace: string;
  readonly runningTasks: readonly string[];
}

/** Lines below one another, grouped by day, the latest first. */
export function sessionTable(sessions: readonly ListedSession[], nowMs: number): string[] {
  const lines: string[] = [];
  let group = '';
  for (const session of sessions) {
    const own = groupOf(session.lastActiveMs, nowMs);
    if (own !== group) lines.push(...(group === '' ? [own] : ['', own]));
    group = own;
    lines.push(lineOf(session));
  }
  return lines;
}

/** By the days of the reader's own calendar. */
export function groupOf(atMs: number, nowMs: number): string {
  const midnightMs = new Date(nowMs).setHours(0, 0, 0, 0);
  if (atMs >= midnightMs) return 'Today';
  if (atMs >= midnightMs - DAY_MS) return 'Yesterday';
  return atMs >= midnightMs - 7 * DAY_MS ? 'Last week' : 'Older';
}

function lineOf(session: ListedSession): string {
  const title = oneLine(session.title ?? session.firstPrompt ?? '(no title)');
  const facts = [
    counted(session.messageCount, 'message'),
    counted(session.fileCount, 'file'),
    session.runningTasks.length > 0 ? `running: ${session.runningTasks.join(', ')}` : '',
    session.parent === undefined ? '' : `branch of ${session.parent}`,
    session.isPinned ? 'pinned' : '',
    session.isDamaged ? 'damaged' : '',
  ];
  const time = new Date(session.lastActiveMs).toLocaleString('sv').slice(0, 16);
  const id = session.id.padEnd(MAX_ID_CHARACTERS);
  const shown = Array.from(title).slice(0, MAX_TITLE_CHARACTERS).join('');
  return `  ${time}  ${id}  ${shown}  (${facts.filter((fact) => fact !== '').join(', ')})`;
}
