import { formatSize } from './describeTask.ts';
import type { TaskSnapshot } from './types.ts';

const HOUR_MS = 60 * 60 * 1000;
const MINUTE_MS = 60 * 1000;

/** How long a running task has been silent: since its last output, or since this attempt began if that is later. */
export function silenceMs(task: TaskSnapshot, nowMs: number): number {
  const lastSignOfLifeMs = Math.max(task.lastOutputAtMs ?? 0, task.startedAtMs ?? task.createdAtMs);
  return Math.max(0, nowMs - lastSignOfLifeMs);
}

/** The running tasks that have been silent for so long that somebody should be told. `idleAfterMs` 0 means never. */
export function findIdleTasks(
  tasks: readonly TaskSnapshot[],
  options: { readonly nowMs: number; readonly idleAfterMs: number },
): TaskSnapshot[] {
  const { nowMs, idleAfterMs } = options;
  if (idleAfterMs <= 0) return [];
  return tasks.filter((task) => task.status === 'running' && silenceMs(task, nowMs) >= idleAfterMs);
}

/** `bash_2 has said nothing for 6 hours, 1.2 GB memory` */
export function idleMessage(
  task: TaskSnapshot,
  options: { readonly nowMs: number; readonly rssBytes: number | undefined },
): string {
  const { nowMs, rssBytes } = options;
  const memory = rssBytes ? `, ${formatSize(rssBytes)} memory` : '';
  return `${task.id} has said nothing for ${formatSilence(silenceMs(task, nowMs))}${memory}`;
}

function formatSilence(durationMs: number): string {
  if (durationMs < HOUR_MS) return plural(Math.floor(durationMs / MINUTE_MS), 'minute');
  if (durationMs < 48 * HOUR_MS) return plural(Math.floor(durationMs / HOUR_MS), 'hour');
  return plural(Math.floor(durationMs / (24 * HOUR_MS)), 'day');
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
