import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Workspace } from '../store/workspace.ts';
import { writeCacheFile } from './cacheFile.ts';
import { sessionsDirectory, type JournalFile } from './sessionFiles.ts';
import type { SessionSummary } from './sessionSummary.ts';

/** To be raised whenever a summary's fields change; an index of another version is made anew. */
const INDEX_VERSION = 3;

/** A summary, and the journal that it is of. */
export interface IndexEntry {
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly inode: number;
  readonly summary: SessionSummary;
}

export function indexFileOf(workspace: Workspace): string {
  return path.join(sessionsDirectory(workspace), 'index.json');
}

/** The cached summaries of a workspace by id; none when there is no index, or one that cannot be used. */
export function readIndexFile(workspace: Workspace): Map<string, IndexEntry> {
  const entries = new Map<string, IndexEntry>();
  try {
    const value: unknown = JSON.parse(readFileSync(indexFileOf(workspace), 'utf8'));
    if (!isIndex(value)) return entries;
    for (const row of value.entries) {
      if (isRow(row)) entries.set(row[0], entryOf(row));
    }
    return entries;
  } catch {
    return entries;
  }
}

/** Failures are of no consequence: the index is made anew. */
export function writeIndexFile(workspace: Workspace, entries: Iterable<IndexEntry>): void {
  const rows = Array.from(entries, rowOf);
  writeCacheFile(indexFileOf(workspace), JSON.stringify({ version: INDEX_VERSION, entries: rows }));
}

export function isCurrent(entry: IndexEntry, journal: JournalFile): boolean {
  return (
    entry.sizeBytes === journal.sizeBytes &&
    entry.mtimeMs === journal.mtimeMs &&
    entry.inode === journal.inode
  );
}

function isIndex(value: unknown): value is { entries: unknown[] } {
  if (typeof value !== 'object' || value === null) return false;
  const { version, entries } = value as { version?: unknown; entries?: unknown };
  return version === INDEX_VERSION && Array.isArray(entries);
}

/** An entry without the names of its fields, which would take longer to read than all the rest. */
type Row = readonly [
  id: string,
  inode: number,
  mtimeMs: number,
  sizeBytes: number,
  flags: number,
  title: string | null,
  firstPrompt: string | null,
  startMs: number,
  lastActiveMs: number,
  messageCount: number,
  fileCount: number,
  taskCount: number,
  openTaskIds: readonly string[],
  parent: string | null,
  branchCount: number,
  version: number,
  restoredMs: number | null,
];

const ROW_LENGTH = 17;
const PINNED = 1;
const DAMAGED = 2;
const COMPRESSED = 4;

/** No schema: ten thousand of them are read while somebody waits, and what they decide is only what a list shows. */
function isRow(value: unknown): value is Row {
  return (
    Array.isArray(value) &&
    value.length === ROW_LENGTH &&
    typeof value[0] === 'string' &&
    typeof value[8] === 'number' &&
    Array.isArray(value[12])
  );
}

function rowOf({ inode, mtimeMs, sizeBytes, summary }: IndexEntry): Row {
  const { id, title, firstPrompt, startMs, lastActiveMs, messageCount, fileCount } = summary;
  const { taskCount, openTaskIds, parent, branchCount, version, restoredMs } = summary;
  const flags =
    (summary.isPinned ? PINNED : 0) +
    (summary.isDamaged ? DAMAGED : 0) +
    (summary.isCompressed ? COMPRESSED : 0);
  return [
    ...([id, inode, mtimeMs, sizeBytes, flags, title ?? null, firstPrompt ?? null] as const),
    ...([startMs, lastActiveMs, messageCount, fileCount, taskCount, openTaskIds] as const),
    ...([parent ?? null, branchCount, version, restoredMs ?? null] as const),
  ];
}

function entryOf(row: Row): IndexEntry {
  const [id, inode, mtimeMs, sizeBytes, flags] = row;
  return {
    inode,
    mtimeMs,
    sizeBytes,
    summary: {
      id,
      title: row[5] ?? undefined,
      firstPrompt: row[6] ?? undefined,
      startMs: row[7],
      lastActiveMs: row[8],
      messageCount: row[9],
      fileCount: row[10],
      taskCount: row[11],
      openTaskIds: row[12],
      parent: row[13] ?? undefined,
      branchCount: row[14],
      isPinned: (flags & PINNED) !== 0,
      isDamaged: (flags & DAMAGED) !== 0,
      isCompressed: (flags & COMPRESSED) !== 0,
      version: row[15],
      restoredMs: row[16] ?? undefined,
      sizeBytes,
    },
  };
}
