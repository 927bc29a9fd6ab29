import { existsSync } from 'node:fs';
import type { Log } from '../common/log.ts';
import {
  discardIndexFile,
  indexFileIn,
  inodeOf,
  isOnRemoteDisk,
  prepareIndexFile,
} from './indexFile.ts';
import {
  hasSqlite,
  isBusy,
  isCorruption,
  isInputOutputError,
  loadSqlite,
  type Database,
} from './sqlite.ts';

/** To be raised whenever the tables, the folding of texts or the blocks change; another one's index is made anew. */
const SCHEMA_VERSION = 2;
/** One transaction of another process takes a second or so. */
const BUSY_TIMEOUT_MS = 15_000;
/** A block's id is its item's id times this, plus its number: so far a file is indexed, 32 GiB. */
export const BLOCKS_OF_ITEM = 2 ** 20;

/**
 * item: one row for each file. block: where its blocks lie; the lines themselves only of compressed files. text: the
 * words of the blocks, without the text. prefix: how the words of an item begin (`shortPrefixes.ts`).
 */
const SCHEMA = `
  CREATE TABLE item (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL, workspace TEXT NOT NULL, key TEXT NOT NULL,
    path TEXT NOT NULL, is_compressed INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL, mtime_ms REAL NOT NULL, inode INTEGER NOT NULL,
    is_whole INTEGER NOT NULL, position INTEGER NOT NULL, tail TEXT NOT NULL,
    title TEXT, first_prompt TEXT, last_active_ms INTEGER,
    UNIQUE (source, workspace, key)
  ) STRICT;
  CREATE TABLE block (
    id INTEGER PRIMARY KEY,
    from_offset INTEGER NOT NULL, to_offset INTEGER NOT NULL, bytes BLOB
  ) STRICT;
  CREATE TABLE prefix (
    item INTEGER PRIMARY KEY, codes BLOB NOT NULL, others TEXT NOT NULL
  ) STRICT;
  CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE VIRTUAL TABLE text USING fts5 (
    words, content='', contentless_delete=1, tokenize='ascii'
  );
  INSERT INTO text(text, rank) VALUES ('hashsize', 16777216);
  INSERT INTO text(text, rank) VALUES ('automerge', 16);
  INSERT INTO text(text, rank) VALUES ('crisismerge', 32);
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** A row of the table `item`. */
export interface ItemRow {
  readonly id: number;
  readonly source: string;
  readonly workspace: string;
  readonly key: string;
  readonly path: string;
  readonly is_compressed: number;
  readonly size_bytes: number;
  readonly mtime_ms: number;
  readonly inode: number;
  readonly is_whole: number;
  readonly position: number;
  readonly tail: string;
  readonly title: string | null;
  readonly first_prompt: string | null;
  readonly last_active_ms: number | null;
}

/** The database of the index, opened. Whoever opens it closes it. */
export interface OpenIndex {
  readonly database: Database;
  readonly file: string;
  /** By which one notices that the file was deleted or replaced since. */
  readonly inode: number | undefined;
}

/**
 * Opens the index of a home, and makes a new one where there is none or it is damaged or of another version. Undefined
 * where there can be none: this Node has no SQLite, or the home cannot be written to.
 */
export function tryOpenIndex(home: string, log: Log): OpenIndex | undefined {
  // There is nothing to be searched where there is no home, and none is made for that.
  if (!hasSqlite() || !existsSync(home)) return undefined;
  const file = indexFileIn(home);
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const inode = inodeOf(file);
    try {
      return openIndex(file);
    } catch (error) {
      log.warn('search.indexUnusable', { file, error });
      if (isInputOutputError(error)) continue;
      if (!isCorruption(error) && !(error instanceof OtherVersion)) return undefined;
      try {
        discardIndexFile(file, inode);
      } catch {
        return undefined;
      }
    }
  }
  return undefined;
}

/** Deletes an index that turned out to be damaged. It is a cache; the next one who opens it makes it anew. */
export function discardIndex(index: OpenIndex): void {
  closeIndex(index);
  discardIndexFile(index.file, index.inode);
}

export function closeIndex({ database }: OpenIndex): void {
  try {
    database.close();
  } catch {
    // It is closed already.
  }
}

/** Whether this is still the index that others see. */
export function isInPlace({ file, inode }: OpenIndex): boolean {
  return inodeOf(file) === inode;
}

class OtherVersion extends Error {}

function openIndex(file: string): OpenIndex {
  prepareIndexFile(file);
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(file);
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA page_size = 8192;`);
    chooseJournal(database, file);
    database.exec('PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32000;');
    database.exec('PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY;');
    ensureSchema(database);
    return { database, file, inode: inodeOf(file) };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** With a write-ahead log, searching does not wait for indexing. Where that cannot be, both take turns. */
function chooseJournal(database: Database, file: string): void {
  const mode = isOnRemoteDisk(file) ? 'DELETE' : 'WAL';
  try {
    database.exec(`PRAGMA journal_mode = ${mode};`);
  } catch (error) {
    if (isCorruption(error) || isBusy(error) || mode === 'DELETE') throw error;
    database.exec('PRAGMA journal_mode = DELETE;');
  }
}

function ensureSchema(database: Database): void {
  if (versionOf(database) === SCHEMA_VERSION) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have made it while we waited.
    const version = versionOf(database);
    if (version !== SCHEMA_VERSION) {
      if (version !== 0) throw new OtherVersion(`the index is of version ${version}`);
      database.exec(SCHEMA);
    }
    database.exec('COMMIT');
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/** After an error that may have ended the transaction already. */
export function rollBack(database: Database): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // There is none any more.
  }
}

function versionOf(database: Database): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}
