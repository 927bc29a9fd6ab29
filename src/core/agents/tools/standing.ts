import { describeEnd } from '../../tasks/describeEnd.ts';
import { formatDuration, taskDurationMs, taskStatusText } from '../../tasks/describeTask.ts';
import type { TaskSnapshot } from '../../tasks/types.ts';

/** The fields of {@link standingProperties}. */
export function standingOf(task: TaskSnapshot): Record<'status' | 'exit_code' | 'signal', unknown> {
  return {
    status: task.status,
    exit_code: task.exitCode ?? null,
    signal: task.signal ?? null,
  };
}

/** "exit code 1, 2.3 s", "killed by SIGSEGV, 7 ms", "running for 3 min". */
export function describeStanding(task: TaskSnapshot, nowMs: number): string {
  const durationMs = taskDurationMs(task, nowMs);
  const time = durationMs === undefined ? undefined : formatDuration(durationMs);
  switch (task.status) {
    case 'running':
      return time === undefined ? 'running' : `running for ${time}`;
    case 'completed':
      return [`exit code ${task.exitCode ?? 'unknown'}`, time].filter(Boolean).join(', ');
    case 'killed':
      return [taskStatusText(task), time].filter(Boolean).join(', ');
    case 'timed out':
    case 'lost':
      return describeEnd(task);
  }
}

export function isOver(task: TaskSnapshot): boolean {
  return task.status !== 'running';
}

/** A call of a tool as a model would write it. */
export function callOf(tool: string, input: object): string {
  return `${tool} ${JSON.stringify(input)}`;
}

/** Joins what there is to say; null for nothing. */
export function noteOf(parts: readonly (string | undefined)[]): string | null {
  const said = parts.filter((part) => part !== undefined && part !== '');
  return said.length === 0 ? null : said.join(' ');
}
