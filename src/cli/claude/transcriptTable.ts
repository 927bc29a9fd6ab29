import type { ListedTranscript } from '../../core/agents/claude-code/transcripts/listTranscripts.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';
import { groupOf } from '../sessions/sessionTable.ts';

const MAX_TITLE_CHARACTERS = 60;

/** Lines below one another, grouped by day, the latest first. */
export function transcriptTable(
  sessions: readonly ListedTranscript[],
  nowMs: number,
  isAllProjects: boolean,
): string[] {
  const lines: string[] = [];
  let group = '';
  for (const session of sessions) {
    const own = groupOf(session.timeMs, nowMs);
    if (own !== group) lines.push(...(group === '' ? [own] : ['', own]));
    group = own;
    lines.push(lineOf(session, isAllProjects));
  }
  return lines;
}

function lineOf(session: ListedTranscript, isAllProjects: boolean): string {
  const title = oneLine(
    session.title ?? session.firstPrompt ?? '(no prompt)',
    MAX_TITLE_CHARACTERS,
  );
  const facts = [
    liveWords(session),
    count(session.messageCount, 'message'),
    session.fileCount === 0 ? '' : count(session.fileCount, 'file'),
    session.taskCount === 0 ? '' : count(session.taskCount, 'background task'),
    sizeWords(session.file.sizeBytes),
    session.parent === undefined ? '' : `branch of ${session.parent}`,
    session.damagedLines === 0 ? '' : count(session.damagedLines, 'damaged line'),
    isAllProjects ? (session.cwd ?? '') : '',
  ];
  const time = new Date(session.timeMs).toLocaleString('sv').slice(0, 16);
  return `  ${time}  ${session.id}  ${title}  (${facts.filter((fact) => fact !== '').join(', ')})`;
}

/** What a live session does: "busy", "waiting: permission prompt for Bash: npm test". */
export function liveWords({ live, pendingTool }: ListedTranscript): string {
  if (live === undefined) return '';
  if (live.status !== 'waiting') return live.status ?? 'running';
  const what = live.waitingFor ?? 'you';
  return `waiting: ${what}${pendingTool === undefined ? '' : ` for ${pendingTool}`}`;
}

export function sizeWords(bytes: number): string {
  const kib = bytes / 1024;
  return kib < 1024 ? `${Math.ceil(kib)} KiB` : `${(kib / 1024).toFixed(1)} MiB`;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
