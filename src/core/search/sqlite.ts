import { createRequire, isBuiltin } from 'node:module';
import type { DatabaseSync, StatementSync } from 'node:sqlite';

export type Database = DatabaseSync;
export type Statement = StatementSync;
type SqliteModule = typeof import('node:sqlite');

let loaded: SqliteModule | undefined;

/** Whether this Node has SQLite; loads nothing. Node 20 has not, the editor's own has. */
export function hasSqlite(): boolean {
  return isBuiltin('node:sqlite');
}

/** @throws Error where there is none; see {@link hasSqlite}. */
export function loadSqlite(): SqliteModule {
  loaded ??= withoutWarning(() => createRequire(import.meta.url)('node:sqlite') as SqliteModule);
  return loaded;
}

/** The primary codes of SQLite's errors that we tell apart (sqlite.org/rescode.html). */
const BUSY = 5;
const LOCKED = 6;
const IO_ERROR = 10;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;
const PRIMARY_CODE = 0xff;

/** Whether the database is damaged, so that it has to be made anew. */
export function isCorruption(error: unknown): boolean {
  const code = codeOf(error);
  return code === CORRUPT || code === NOT_A_DATABASE;
}

/** Whether another process has the database for itself for longer than we wanted to wait. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error);
  return code === BUSY || code === LOCKED;
}

/** Whether the file may have been deleted under us. */
export function isInputOutputError(error: unknown): boolean {
  return codeOf(error) === IO_ERROR;
}

function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & PRIMARY_CODE : undefined;
}

/** Node 22 calls SQLite experimental on stderr, where that is none of the reader's business. */
function withoutWarning<T>(load: () => T): T {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}
