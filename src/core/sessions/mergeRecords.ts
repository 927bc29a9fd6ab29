import * as v from 'valibot';
import type { SessionRecord } from './sessionRecord.ts';

/** VS Code warns of an extension whose state is above 512 KiB. */
export const MAX_STORED_BYTES = 400 * 1024;
const MAX_FILES_STORED = 200;
/** A window that was closed for longer may bring a deleted session's record back; the disk then says it is gone. */
const TOMBSTONE_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

/** A session as the editor's own store holds it: a record without messages, or the mark that it was deleted. */
export type StoredRecord = Readonly<Record<string, unknown>> & {
  readonly sessionId: string;
  /** ISO 8601; of a deleted one, when that was. */
  readonly lastActive: string;
  readonly isDeleted?: boolean | undefined;
  /** When it was read from the disk, ISO 8601; a title or a pin is no activity, and must win all the same. */
  readonly storedAt?: string | undefined;
};

export interface StoredWorkspace {
  readonly activeSession: string | null;
  /** When that became the active one, ISO 8601. */
  readonly activeSince: string;
  readonly records: readonly StoredRecord[];
}

/** What is stored, by the workspace's folder. */
export type StoredRecords = Readonly<Record<string, StoredWorkspace>>;

const storedSchema = v.record(
  v.string(),
  v.looseObject({
    activeSession: v.nullable(v.string()),
    activeSince: v.string(),
    records: v.array(
      v.looseObject({
        sessionId: v.string(),
        lastActive: v.string(),
        isDeleted: v.optional(v.boolean()),
        storedAt: v.optional(v.string()),
      }),
    ),
  }),
);

/** What another window, or an older version, has stored; nothing for what cannot be read. */
export function parseStoredRecords(value: unknown): StoredRecords {
  const result = v.safeParse(storedSchema, value);
  return result.success ? result.output : {};
}

/** A record as it is stored: no messages, no approvals that are the workspace's, and of very many files the last ones. */
export function toStoredRecord(record: SessionRecord): StoredRecord {
  const { details } = record.fileContext;
  const latest = Object.entries(details)
    .sort(([, a], [, b]) => (a.touchedAt < b.touchedAt ? 1 : -1))
    .slice(0, MAX_FILES_STORED);
  const kept = new Set(latest.map(([path]) => path));
  const only = (paths: readonly string[]): string[] => paths.filter((path) => kept.has(path));
  return {
    ...record,
    lastActive: record.lastActive ?? record.startTime ?? new Date(0).toISOString(),
    messages: [],
    permissions: ownPermissions(record),
    fileContext: {
      read: only(record.fileContext.read),
      modified: only(record.fileContext.modified),
      created: only(record.fileContext.created),
      details: Object.fromEntries(latest),
    },
  };
}

/** Whoever makes a journal of the record must not make approvals of the workspace the session's own. */
function ownPermissions({ permissions }: SessionRecord): SessionRecord['permissions'] {
  const own = permissions.details.filter(({ scope }) => scope === 'session');
  const names = new Set(own.flatMap(({ rule, directory }) => rule ?? directory ?? []));
  return {
    approvedTools: permissions.approvedTools.filter((rule) => names.has(rule)),
    directories: permissions.directories.filter((directory) => names.has(directory)),
    details: own,
  };
}

export function deletedRecord(sessionId: string, nowMs: number): StoredRecord {
  return { sessionId, lastActive: new Date(nowMs).toISOString(), isDeleted: true };
}

/**
 * What two windows have stored as one: of each session the record that is newest, the newest sessions as far as
 * they fit. The same in whichever order windows merge.
 */
export function mergeRecords(
  a: StoredRecords,
  b: StoredRecords,
  { nowMs, maxBytes = MAX_STORED_BYTES }: { nowMs: number; maxBytes?: number },
): StoredRecords {
  const folders = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  const merged = folders.map(
    (folder) => [folder, mergeWorkspace(own(a, folder), own(b, folder), nowMs)] as const,
  );
  return bounded(merged, maxBytes);
}

function mergeWorkspace(
  a: StoredWorkspace | undefined,
  b: StoredWorkspace | undefined,
  nowMs: number,
): StoredWorkspace {
  const records = new Map<string, StoredRecord>();
  for (const record of [...(a?.records ?? []), ...(b?.records ?? [])]) {
    const known = records.get(record.sessionId);
    if (known === undefined || isNewer(record, known)) records.set(record.sessionId, record);
  }
  const oldest = new Date(nowMs - TOMBSTONE_DAYS * DAY_MS).toISOString();
  const latest = activityOf(a) >= activityOf(b) ? (a ?? b) : (b ?? a);
  return {
    activeSession: latest?.activeSession ?? null,
    activeSince: latest?.activeSince ?? '',
    records: [...records.values()].filter(
      ({ isDeleted, lastActive }) => isDeleted !== true || lastActive > oldest,
    ),
  };
}

function activityOf(workspace: StoredWorkspace | undefined): string {
  return `${workspace?.activeSince ?? ''} ${workspace?.activeSession ?? ''}`;
}

/** Two records of the same moment: a deletion wins, then any order that is the same for everybody. */
function isNewer(record: StoredRecord, known: StoredRecord): boolean {
  const [at, knownAt] = [record, known].map((each) => each.storedAt ?? each.lastActive);
  if (at !== knownAt) return (at ?? '') > (knownAt ?? '');
  if ((record.isDeleted ?? false) !== (known.isDeleted ?? false)) return record.isDeleted === true;
  return JSON.stringify(record) > JSON.stringify(known);
}

/** Takes the newest records of all workspaces together until the room is used up. */
function bounded(
  workspaces: readonly (readonly [string, StoredWorkspace])[],
  maxBytes: number,
): StoredRecords {
  const empty = workspaces.map(([folder, each]) => [folder, { ...each, records: [] }] as const);
  let room = maxBytes - sizeOf(Object.fromEntries(empty));
  const all = workspaces.flatMap(([folder, { records }]) =>
    records.map((record) => ({ folder, record })),
  );
  all.sort(
    (a, b) =>
      compareText(b.record.lastActive, a.record.lastActive) ||
      compareText(a.record.sessionId, b.record.sessionId),
  );
  const kept = new Map<string, StoredRecord[]>();
  for (const { folder, record } of all) {
    const sizeBytes = sizeOf(record) + 1;
    if (sizeBytes > room) continue;
    room -= sizeBytes;
    const ofFolder = kept.get(folder);
    if (ofFolder === undefined) kept.set(folder, [record]);
    else ofFolder.push(record);
  }
  return Object.fromEntries(
    workspaces.map(([folder, each]) => [folder, { ...each, records: kept.get(folder) ?? [] }]),
  );
}

function own(records: StoredRecords, folder: string): StoredWorkspace | undefined {
  return Object.hasOwn(records, folder) ? records[folder] : undefined;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
