import type { LineOf } from './journalLines.ts';
import type { SessionState } from './sessionState.ts';

export function applyTask(state: SessionState, line: LineOf<'task'>, atMs: number): void {
  state.tasks.set(line.id, {
    id: line.id,
    uuid: line.uuid ?? undefined,
    command: line.command,
    cwd: line.cwd ?? undefined,
    startedAtMs: timeOf(line.startedAt, atMs),
    end: undefined,
  });
}

export function applyTaskEnd(state: SessionState, line: LineOf<'task-end'>, atMs: number): void {
  const task = state.tasks.get(line.id);
  if (task === undefined) return;
  task.end = {
    status: line.status,
    exitCode: line.exitCode ?? undefined,
    signal: line.signal ?? undefined,
    endedAtMs: timeOf(line.endedAt, atMs),
  };
}

export function applyOutputRead(state: SessionState, line: LineOf<'output-read'>): void {
  const cursors = state.cursors.get(line.task) ?? {
    offsets: new Map<string, number>(),
    position: 0,
  };
  cursors.offsets.set(line.reader, line.offset);
  cursors.position = line.offset;
  state.cursors.set(line.task, cursors);
}

function timeOf(text: string | null | undefined, otherwiseMs: number): number {
  const atMs = Date.parse(text ?? '');
  return Number.isFinite(atMs) ? atMs : otherwiseMs;
}
