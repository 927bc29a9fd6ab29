import type { Log } from '../common/log.ts';
import type { Database } from './sqlite.ts';
import { BLOCKS_OF_ITEM, type ItemRow } from './openIndex.ts';
import { BLOCK_BYTES, isContinued, startPosition, type ReadPosition } from './readBlocks.ts';
import type { SourceFile, TextSource } from './textSource.ts';

/** The state of a file in the index when it was looked at. Another process may have gone on since. */
export interface KnownItem {
  readonly id: number;
  readonly position: number;
  readonly isWhole: boolean;
}

/** A file that has to be read, and from where. */
export interface FilePlan {
  readonly file: SourceFile;
  readonly from: ReadPosition;
  readonly known: KnownItem | undefined;
  /** What the index has of the file is of no use any more. */
  readonly isRebuild: boolean;
}

export interface IndexPlan {
  /** In the order in which they are best written. */
  readonly files: FilePlan[];
  /** Items whose file is no more. */
  readonly gone: number[];
  /** To be read, as far as is known before: compressed files count as they are. */
  readonly bytes: number;
}

/** Compares the index with what lies on the disk: sizes, times and inodes, and the last bytes that were read. */
export function planIndex(database: Database, sources: readonly TextSource[], log: Log): IndexPlan {
  const rows = new Map<string, ItemRow>();
  for (const row of database.prepare('SELECT * FROM item').all() as unknown as ItemRow[]) {
    rows.set(nameOf(row), row);
  }
  const files: FilePlan[] = [];
  for (const source of sources) {
    for (const file of tryList(source, log) ?? keepAll(rows, source)) {
      const row = rows.get(nameOf(file));
      rows.delete(nameOf(file));
      if (row === undefined || !isCurrent(row, file)) files.push(planFile(database, file, row));
    }
  }
  files.sort(compareForWriting);
  const gone = [...rows.values()].map(({ id }) => id);
  const bytes = files.reduce((sum, { file, from }) => sum + file.sizeBytes - from.offset, 0);
  return { files, gone, bytes };
}

function nameOf({ source, workspace, key }: ItemRow | SourceFile): string {
  return JSON.stringify([source, workspace, key]);
}

/** Undefined when it cannot be read now, which says nothing about what is gone. */
function tryList(source: TextSource, log: Log): SourceFile[] | undefined {
  try {
    return source.list();
  } catch (error) {
    log.warn('search.sourceUnreadable', { source: source.name, error });
    return undefined;
  }
}

function keepAll(rows: Map<string, ItemRow>, { name }: TextSource): SourceFile[] {
  for (const [key, row] of rows) if (row.source === name) rows.delete(key);
  return [];
}

function isCurrent(row: ItemRow, file: SourceFile): boolean {
  return (
    row.is_whole === 1 &&
    // The home may have been moved.
    row.path === file.path &&
    row.size_bytes === file.sizeBytes &&
    row.inode === file.inode &&
    (row.is_compressed === 1) === file.isCompressed &&
    // A compressed file is replaced, never changed.
    (file.isCompressed || row.mtime_ms === file.mtimeMs)
  );
}

function planFile(database: Database, file: SourceFile, row: ItemRow | undefined): FilePlan {
  if (row === undefined) return { file, from: startPosition, known: undefined, isRebuild: false };
  const known = { id: row.id, position: row.position, isWhole: row.is_whole === 1 };
  const position = {
    offset: row.position,
    tail: row.tail,
    facts: {
      title: row.title ?? undefined,
      firstPrompt: row.first_prompt ?? undefined,
      lastActiveMs: row.last_active_ms ?? undefined,
    },
  };
  const isSameFile = row.inode === file.inode && row.is_compressed === 0;
  if (!isSameFile || !isContinued(file, position)) {
    return { file, from: startPosition, known, isRebuild: true };
  }
  const offset = blockStart(database, row.id, row.position) ?? row.position;
  return { file, from: { ...position, offset }, known, isRebuild: false };
}

/** The block that the next line belongs to may have begun: it is read again. */
function blockStart(database: Database, item: number, offset: number): number | undefined {
  const id = item * BLOCKS_OF_ITEM + Math.floor(offset / BLOCK_BYTES);
  const row = database.prepare('SELECT from_offset FROM block WHERE id = ?').get(id);
  return row === undefined ? undefined : Number(row['from_offset']);
}

/**
 * FTS5 writes to the disk whenever a row comes before the one before, so those with a number come in its order; then the
 * new ones, the latest first, since they are searched for first.
 */
function compareForWriting(a: FilePlan, b: FilePlan): number {
  const idOf = ({ known, isRebuild }: FilePlan): number =>
    known === undefined || isRebuild ? Number.MAX_SAFE_INTEGER : known.id;
  return idOf(a) - idOf(b) || b.file.mtimeMs - a.file.mtimeMs;
}
