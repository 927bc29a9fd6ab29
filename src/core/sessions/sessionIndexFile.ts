import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Workspace } from '../store/workspace.ts';
import { writeCacheFile } from './cacheFile.ts';
import { sessionsDirectory, type JournalFile } from './sessionFiles.ts';
import type { SessionSummary } from './sessionSummary.ts';

/** To be raised whenever a summary's fields change; an index of another version is made anew. */
const INDEX_VERSION = 1;

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
  try {
    const value: unknown = JSON.parse(readFileSync(indexFileOf(workspace), 'utf8'));
    if (!isIndex(value)) return new Map();
    return new Map(value.entries.filter(isEntry).map((entry) => [entry.summary.id, entry]));
  } catch {
    return new Map();
  }
}

/** Failures are of no consequence: the index is made anew. */
export function writeIndexFile(workspace: Workspace, entries: Iterable<IndexEntry>): void {
  const value = { version: INDEX_VERSION, entries: [...entries] };
  writeCacheFile(indexFileOf(workspace), JSON.stringify(value));
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

/** No schema: ten thousand of them are read while somebody waits, and what they decide is only what a list shows. */
function isEntry(value: unknown): value is IndexEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { sizeBytes, summary } = value as { sizeBytes?: unknown; summary?: unknown };
  if (typeof sizeBytes !== 'number' || typeof summary !== 'object' || summary === null)
    return false;
  const { id, lastActiveMs, openTaskIds } = summary as Record<string, unknown>;
  return typeof id === 'string' && typeof lastActiveMs === 'number' && Array.isArray(openTaskIds);
}
