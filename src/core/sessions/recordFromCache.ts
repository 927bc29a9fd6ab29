import * as v from 'valibot';
import { HoldfastError } from '../common/errors.ts';
import { writeNewJournal } from './createSession.ts';
import { fileLines, textLines, timeOf, type TimedLine } from './linesOfRecord.ts';
import { recordSchema, type GivenRecord } from './recordSchema.ts';
import type { SessionHost } from './sessionHost.ts';
import { requireSessionId } from './sessionId.ts';

/**
 * Makes a journal again of the record that the editor has kept, when the journal itself is gone: header, tasks with how
 * far their output was read, files, permissions with the age they had; no messages.
 * @throws HoldfastError `session.importInvalid` for what is no record, `session.idTaken` when the journal is there after
 *   all, `session.idInvalid`, `disk.full`, `home.notWritable`.
 */
export function recordFromCache(host: SessionHost, cached: unknown): string {
  const record = parseCachedRecord(cached);
  const id = requireSessionId(record.sessionId);
  if (!writeNewJournal(host, id, linesOfCached(host, record))) {
    throw new HoldfastError('session.idTaken', `there is a journal of ${id}`, { data: { id } });
  }
  host.log.warn('session.recovered', { id });
  return id;
}

/** @throws HoldfastError `session.importInvalid`. */
export function parseCachedRecord(cached: unknown): GivenRecord {
  const result = v.safeParse(recordSchema, cached);
  if (result.success) return result.output;
  const reason = 'the kept record is damaged';
  throw new HoldfastError('session.importInvalid', reason, { data: { reason } });
}

/** All that a record without messages says, as the lines of a journal. */
export function linesOfCached(host: SessionHost, record: GivenRecord): TimedLine[] {
  const nowMs = host.clock.now();
  const startMs = timeOf(record.startTime, nowMs);
  const endMs = timeOf(record.lastActive, startMs);
  const { sessionId: id, parent } = record;
  const header: TimedLine = {
    type: 'session',
    id,
    workspace: record.workspace ?? host.workspace.folder,
    cwd: record.cwd ?? null,
    agentSessionId: record.agentSessionId ?? null,
    origin: 'cache',
    atMs: startMs,
  };
  const { set, unset, secretNames } = record.environment;
  const isEmpty = Object.keys(set).length + unset.length + secretNames.length === 0;
  return [
    header,
    ...(parent ? [{ type: 'branched' as const, from: parent, to: id, atMs: startMs }] : []),
    ...(record.agent ? [{ type: 'agent' as const, name: record.agent, atMs: startMs }] : []),
    ...textLines(record, startMs),
    ...(isEmpty ? [] : [{ type: 'env' as const, set, unset, secretNames, atMs: endMs }]),
    ...fileLines(record, (path) => path, endMs),
    ...permissionLines(record, startMs),
    ...taskLines(record, startMs, endMs),
    ...(record.isPinned ? [{ type: 'pin' as const, isPinned: true, atMs: endMs }] : []),
  ];
}

/** One whose age is not known is as old as the session. */
function permissionLines(record: GivenRecord, startMs: number): TimedLine[] {
  const own = record.permissions.details.filter(({ scope }) => scope === 'session');
  return own.map((each) => ({
    type: 'permission' as const,
    ...(each.rule ? { rule: each.rule } : {}),
    ...(each.directory ? { directory: each.directory } : {}),
    realPath: each.realPath ?? null,
    decision: each.decision,
    by: each.by,
    scope: each.scope,
    expiresAt: each.expiresAt ?? null,
    atMs: timeOf(each.givenAt, startMs),
  }));
}

function taskLines(record: GivenRecord, startMs: number, endMs: number): TimedLine[] {
  return Object.entries(record.backgroundTasks).flatMap(([id, task]) => {
    const lines: TimedLine[] = [
      {
        type: 'task',
        id,
        uuid: task.uuid ?? null,
        command: task.command,
        cwd: task.cwd ?? null,
        atMs: timeOf(task.startTime, startMs),
      },
    ];
    if (task.endTime) {
      const { status, exitCode = null, signal = null, endTime } = task;
      lines.push({ type: 'task-end', id, status, exitCode, signal, endedAt: endTime, atMs: endMs });
    }
    for (const [reader, offset] of Object.entries(task.cursors)) {
      lines.push({ type: 'output-read', task: id, reader, offset, atMs: endMs });
    }
    return lines;
  });
}
