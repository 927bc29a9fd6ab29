import type { LossReason, TaskSnapshot } from './types.ts';

/** A task in words, the same in every list, message and channel. */

const lossTexts: Record<LossReason, string> = {
  reboot: 'lost: the machine was restarted',
  vanished: 'lost: it ended without a record',
  'exit code unknown': 'ended, exit code unknown',
  'never started': 'lost: it was never started',
};

/** `bash_3  npm run dev`: the id, and its title or command on one line, cut to `maxNameChars`. */
export function taskLabel(
  task: Pick<TaskSnapshot, 'id' | 'title' | 'command'>,
  maxNameChars?: number,
): string {
  return `${task.id}  ${oneLine(taskName(task), maxNameChars)}`;
}

/** Its title, else its command, on one line. */
export function taskName(task: Pick<TaskSnapshot, 'title' | 'command'>): string {
  return oneLine(task.title ?? '') || oneLine(task.command) || '(no command)';
}

/** Where a task stands, and how it ended: "running", "finished", "exit 1", "killed by you", … */
export function taskStatusText(task: TaskSnapshot): string {
  switch (task.status) {
    case 'running':
      return 'running';
    case 'completed':
      return task.exitCode === 0 ? 'finished' : `exit ${task.exitCode ?? '?'}`;
    case 'killed':
      return `killed by ${killerOf(task)}`;
    case 'timed out':
      return `timed out after ${formatDuration(task.policy.timeLimitSec * 1000)}`;
    case 'lost':
      return lossTexts[task.lossReason ?? 'vanished'];
  }
}

/** How a task that is over ended, and after what time: "finished: exit 0 after 12 s". */
export function taskEndText(task: TaskSnapshot): string {
  const durationMs = taskDurationMs(task, 0);
  const status =
    task.status === 'completed' ? `finished: exit ${task.exitCode ?? '?'}` : taskStatusText(task);
  const isTold = task.status === 'timed out' || task.status === 'lost';
  return durationMs === undefined || isTold
    ? status
    : `${status} after ${formatDuration(durationMs)}`;
}

/** How long the current attempt has been running, or ran; undefined if that is not known. */
export function taskDurationMs(task: TaskSnapshot, nowMs: number): number | undefined {
  const endMs = task.status === 'running' ? nowMs : task.endedAtMs;
  if (task.startedAtMs === undefined || endMs === undefined) return undefined;
  return Math.max(0, endMs - task.startedAtMs);
}

/** "7 ms", "0.4 s", "12 s", "3 min 5 s", "2 h 5 min", "4 d 3 h". */
export function formatDuration(durationMs: number): string {
  if (durationMs < 100) return `${Math.max(0, Math.round(durationMs))} ms`;
  if (durationMs < 950) return `${(durationMs / 1000).toFixed(1)} s`;
  const totalSec = Math.round(durationMs / 1000);
  if (totalSec < 60) return `${totalSec} s`;
  if (totalSec < 3600) return twoUnits(totalSec, 60, 'min', 's');
  if (totalSec < 86_400) return twoUnits(Math.floor(totalSec / 60), 60, 'h', 'min');
  return twoUnits(Math.floor(totalSec / 3600), 24, 'd', 'h');
}

function twoUnits(total: number, perLarge: number, large: string, small: string): string {
  const rest = total % perLarge;
  return `${Math.floor(total / perLarge)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}

/** "512 bytes", "1.5 kB", "64 MB": powers of 1000, three digits at most. */
export function formatSize(sizeBytes: number): string {
  const units = ['kB', 'MB', 'GB', 'TB'] as const;
  if (sizeBytes < 1000) return `${sizeBytes} byte${sizeBytes === 1 ? '' : 's'}`;
  let value = sizeBytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits).replace(/\.0$/, '')} ${units[unit] ?? ''}`;
}

/**
 * Text of unknown origin as one line that shows what it says: white space becomes single spaces; control characters,
 * and those that turn the direction of writing (a way to disguise a command), go.
 */
export function oneLine(text: string, maxChars = 200): string {
  const line = text
    .slice(0, maxChars * 4)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim();
  return line.length <= maxChars
    ? line
    : `${line.slice(0, maxChars - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function killerOf(task: TaskSnapshot): string {
  if (task.stop === undefined) return task.signal ?? 'a signal';
  switch (task.stop.by) {
    case 'vscode':
    case 'cli':
      return task.stop.reason === 'restart' ? 'a restart' : 'you';
    case 'mcp':
      return 'an agent';
    case 'keeper':
      return 'its shutdown policy';
    default:
      return oneLine(task.stop.by, 40);
  }
}
