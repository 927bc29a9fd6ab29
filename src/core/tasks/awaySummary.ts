import * as v from 'valibot';
import { describeEnd, hasFailed } from './describeEnd.ts';
import type { TaskSnapshot } from './types.ts';

/** What a workspace's windows last showed of its tasks; the content of `seen.json` beside the tasks. */
export const seenRecordSchema = v.looseObject({
  v: v.literal(1),
  /** Milliseconds since 1970. */
  seenAtMs: v.number(),
  tasks: v.record(
    v.string(),
    v.object({ status: v.string(), attempt: v.number(), outputBytes: v.number() }),
  ),
});
export type SeenRecord = v.InferOutput<typeof seenRecordSchema>;

/** More than these are counted, not named. */
const MAX_PARTS = 6;
/** A reload takes this long; that a server logged something meanwhile is no news. */
const BLINK_MS = 5000;

export function seenRecordOf(tasks: readonly TaskSnapshot[], nowMs: number): SeenRecord {
  const seen = tasks.map(({ id, status, attempt, outputBytes }) => {
    return [id, { status, attempt, outputBytes }] as const;
  });
  return { v: 1, seenAtMs: nowMs, tasks: Object.fromEntries(seen) };
}

/** The tasks that have ended since they were last seen, in the attempt that was seen or in a later one. */
export function endedSince(seen: SeenRecord, tasks: readonly TaskSnapshot[]): TaskSnapshot[] {
  return tasks.filter((task) => {
    const before = seen.tasks[task.id];
    const wasOver = before?.attempt === task.attempt && before.status !== 'running';
    return task.status !== 'running' && !wasOver;
  });
}

/** What happened to one task, as part of a sentence. The less weight, the sooner it is left out. */
interface Part {
  readonly text: string;
  readonly weight: number;
}

/**
 * One sentence about what the tasks did since they were last seen, or undefined when that is nothing worth telling.
 * `countNewLines` is asked only for running tasks that have written more.
 */
export function summariseAway(
  seen: SeenRecord,
  tasks: readonly TaskSnapshot[],
  options: {
    readonly nowMs: number;
    readonly countNewLines: (task: TaskSnapshot, fromOffset: number) => number;
  },
): string | undefined {
  const ends = endedSince(seen, tasks).map((task) => ({
    text: `${task.id} ${describeEnd(task)}`,
    weight: hasFailed(task) ? 3 : 2,
  }));
  const running = tasks.filter(({ status }) => status === 'running');
  const parts = [
    ...ends,
    ...running.flatMap((task) => startOf(task, seen) ?? []),
    ...running.flatMap((task) => outputOf(task, seen, options.countNewLines) ?? []),
  ];
  const isBlink = Math.abs(options.nowMs - seen.seenAtMs) < BLINK_MS;
  if (parts.length === 0 || (isBlink && parts.every(({ weight }) => weight === 0)))
    return undefined;
  return `While you were away: ${join(parts)}.`;
}

function startOf(task: TaskSnapshot, seen: SeenRecord): Part | undefined {
  const before = seen.tasks[task.id];
  if (before === undefined) return { text: `${task.id} was started`, weight: 1 };
  return before.attempt === task.attempt
    ? undefined
    : { text: `${task.id} was restarted`, weight: 1 };
}

function outputOf(
  task: TaskSnapshot,
  seen: SeenRecord,
  countNewLines: (task: TaskSnapshot, fromOffset: number) => number,
): Part | undefined {
  const before = seen.tasks[task.id];
  if (before === undefined || task.outputBytes <= before.outputBytes) return undefined;
  const lines = countNewLines(task, before.outputBytes);
  if (lines === 0) return undefined;
  return { text: `${lines} new ${lines === 1 ? 'line' : 'lines'} in ${task.id}`, weight: 0 };
}

/** Leaves out the lightest parts when there are too many; what is kept stays in its order. */
function join(parts: readonly Part[]): string {
  const kept = new Set([...parts].sort((a, b) => b.weight - a.weight).slice(0, MAX_PARTS));
  const shown = parts.filter((part) => kept.has(part)).map(({ text }) => text);
  const restCount = parts.length - shown.length;
  if (restCount > 0) shown.push(`and ${restCount} more`);
  return shown.join(', ');
}
