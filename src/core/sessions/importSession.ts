import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { HoldfastError } from '../common/errors.ts';
import { writeNewJournal } from './createSession.ts';
import { fileLines, textLines, timeOf, type TimedLine } from './linesOfRecord.ts';
import { recordSchema, type GivenRecord } from './recordSchema.ts';
import { rerootPath } from './rerootPath.ts';
import type { SessionHost } from './sessionHost.ts';
import { isSessionId, isUuid } from './sessionId.ts';

const IMPORTED = 'imported_';

export interface ImportResult {
  readonly id: string;
  /** The id it had, when there is another session of it here. */
  readonly idBefore: string | undefined;
  readonly messageCount: number;
  readonly taskCount: number;
  /** Approvals are their giver's own, for their own machine: none comes along. */
  readonly droppedPermissionCount: number;
}

/**
 * Makes a session of an exported record, from this machine or another. Paths in its workspace become paths in this one,
 * its tasks are lost, and neither approvals nor variables are taken over.
 * @throws HoldfastError `session.importInvalid`, `home.unsafe`, `home.notWritable`, `disk.full`.
 */
export function importSession(host: SessionHost, text: string): ImportResult {
  const record = parseRecord(text);
  const wanted = isSessionId(record.sessionId) ? record.sessionId : randomUUID();
  for (let id = wanted; ; id = randomUUID()) {
    if (!writeNewJournal(host, id, linesOf(host, record, id))) continue;
    host.log.info('session.imported', { id });
    return {
      id,
      idBefore: id === record.sessionId ? undefined : record.sessionId,
      messageCount: record.messages.length,
      taskCount: Object.keys(record.backgroundTasks).length,
      droppedPermissionCount: record.permissions.details.length,
    };
  }
}

function parseRecord(text: string): GivenRecord {
  let value: unknown;
  try {
    // Editors on Windows put a byte order mark in front.
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw invalid('it is not JSON', error);
  }
  const result = v.safeParse(recordSchema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = v.getDotPath(issue);
  throw invalid(where === null ? issue.message : `${where}: ${issue.message}`, undefined);
}

function invalid(reason: string, cause: unknown): HoldfastError {
  return new HoldfastError('session.importInvalid', reason, { data: { reason }, cause });
}

function linesOf(host: SessionHost, record: GivenRecord, id: string): TimedLine[] {
  const { folder } = host.workspace;
  const nowMs = host.clock.now();
  const startMs = timeOf(record.startTime, nowMs);
  const endMs = timeOf(record.lastActive, startMs);
  const rerooted = (path: string): string => rerootPath(path, record.workspace ?? '', folder);
  return [
    {
      type: 'session',
      id,
      workspace: folder,
      cwd: rerooted(record.cwd ?? folder),
      origin: 'import',
      importedFrom: { id: record.sessionId, workspace: record.workspace ?? null },
      ...(isUuid(id) ? {} : { agentSessionId: randomUUID() }),
      atMs: startMs,
    },
    ...textLines(record, startMs),
    ...record.messages.map(({ time, role, parts }) => {
      return { type: 'message' as const, role, parts, atMs: timeOf(time, endMs) };
    }),
    ...fileLines(record, rerooted, endMs),
    ...taskLines(record, startMs, endMs),
  ];
}

/** Under names that no task here has: the `bash_3` of another machine is not ours. */
function taskLines(record: GivenRecord, startMs: number, endMs: number): TimedLine[] {
  return Object.entries(record.backgroundTasks).flatMap(([name, task]) => {
    const id = `${IMPORTED}${name.replace(IMPORTED, '')}`;
    const hasEnded = task.status !== 'running';
    return [
      { type: 'task' as const, id, command: task.command, atMs: timeOf(task.startTime, startMs) },
      {
        type: 'task-end' as const,
        id,
        status: 'lost',
        exitCode: hasEnded ? (task.exitCode ?? null) : null,
        endedAt: task.endTime ?? null,
        reason: 'imported',
        atMs: endMs,
      },
    ];
  });
}
