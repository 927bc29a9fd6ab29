import * as v from 'valibot';
import type { StoredRecord } from '../../core/sessions/mergeRecords.ts';
import { recordSchema } from '../../core/sessions/recordSchema.ts';
import type { SessionSummary } from '../../core/sessions/sessionSummary.ts';

/** The summary of a stored record, for lists; undefined for what cannot be read. */
export function recordedSummary(stored: StoredRecord): SessionSummary | undefined {
  const result = v.safeParse(recordSchema, stored);
  if (!result.success || stored.isDeleted === true) return undefined;
  const record = result.output;
  const tasks = Object.entries(record.backgroundTasks);
  const { read, modified, created } = record.fileContext;
  const lastActiveMs = timeOf(record.lastActive) ?? 0;
  return {
    id: record.sessionId,
    title: record.title ?? undefined,
    firstPrompt: textOf(stored['firstPrompt']),
    startMs: timeOf(record.startTime) ?? lastActiveMs,
    lastActiveMs,
    restoredMs: timeOf(textOf(stored['restoredAt'])),
    messageCount: numberOf(stored['messageCount']),
    fileCount: new Set([...read, ...modified, ...created]).size,
    taskCount: tasks.length,
    openTaskIds: tasks.filter(([, { endTime }]) => !endTime).map(([id]) => id),
    parent: record.parent ?? undefined,
    branchCount: Array.isArray(stored['branches']) ? stored['branches'].length : 0,
    isPinned: record.isPinned,
    isDamaged: false,
    version: 1,
    sizeBytes: numberOf(stored['journalBytes']),
    isCompressed: false,
  };
}

function timeOf(text: string | null | undefined): number | undefined {
  const atMs = Date.parse(text ?? '');
  return Number.isFinite(atMs) ? atMs : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
