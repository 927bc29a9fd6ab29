import type { ListedTranscript } from '../../core/agents/claude-code/transcripts/listTranscripts.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';

export function claudeSessionName({ title, firstPrompt, id }: ListedTranscript): string {
  return oneLine(title ?? firstPrompt ?? id, 80);
}

/** What a live session does: "busy", "waiting: permission prompt for Bash: npm test". */
export function claudeStatus({ live, pendingTool }: ListedTranscript): string | undefined {
  if (live === undefined) return undefined;
  if (live.status !== 'waiting') return live.status ?? 'running';
  const what = live.waitingFor ?? 'you';
  return `waiting: ${what}${pendingTool === undefined ? '' : ` for ${pendingTool}`}`;
}

/** `12 messages`, `3 files`, `1 background task`: what there is. */
export function claudeFacts(session: ListedTranscript): string[] {
  const { messageCount, fileCount, taskCount, damagedLines } = session;
  return [
    count(messageCount, 'message'),
    ...(fileCount === 0 ? [] : [count(fileCount, 'file')]),
    ...(taskCount === 0 ? [] : [count(taskCount, 'background task')]),
    ...(damagedLines === 0 ? [] : [count(damagedLines, 'damaged line')]),
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
