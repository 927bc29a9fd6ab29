import * as v from 'valibot';
import { describeEnd } from './describeEnd.ts';
import { hasFailed } from './describeTask.ts';
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
  const parts = tasks.flatMap((task) => partOf(task, seen, options.countNewLines) ?? []);
  const isBlink = Math.abs(options.nowMs - seen.seenAtMs) < BLINK_MS;
  if (parts.length === 0 || (isBlink && parts.every(({ weight }) => weight === 0)))
    return undefined;
  return `While you were away: ${join(parts)}.`;
}

function partOf(
  task: TaskSnapshot,
  seen: SeenRecord,
  countNewLines: (task: TaskSnapshot, fromOffset: number) => number,
): Part | undefined {
  const before = seen.tasks[task.id];
  const isSameAttempt = before?.attempt === task.attempt;
  if (task.status !== 'running') {
    if (isSameAttempt && before.status !== 'running') return undefined;
    return { text: `${task.id} ${describeEnd(task)}`, weight: hasFailed(task) ? 3 : 2 };
  }
  if (before === undefined) return { text: `${task.id} was started`, weight: 1 };
  if (!isSameAttempt) return { text: `${task.id} was restarted`, weight: 1 };
  if (task.outputBytes <= before.outputBytes) return undefined;
  const lines = countNewLines(task, before.outputBytes);
  if (lines === 0) return undefined;
  return { text: `${lines} new ${lines === 1 ? 'line' : 'lines'} in ${task.id}`, weight: 0 };
}

/** Keeps the weightiest parts, heaviest kinds first, and by number within a kind. */
function join(parts: readonly Part[]): string {
  const kept = [...parts].sort((a, b) => b.weight - a.weight).slice(0, MAX_PARTS);
  // Ends, good and bad, read best by number; output comes last.
  const isEnd = (part: Part): boolean => part.weight >= 2;
  const shown = [
    ...parts.filter((part) => kept.includes(part) && isEnd(part)),
    ...parts.filter((part) => kept.includes(part) && part.weight === 1),
    ...parts.filter((part) => kept.includes(part) && part.weight === 0),
  ].map(({ text }) => text);
  const restCount = parts.length - shown.length;
  if (restCount > 0) shown.push(`and ${restCount} more`);
  return shown.join(', ');
}
