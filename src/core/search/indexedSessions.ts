import { ItemPrefixes } from './itemPrefixes.ts';
import type { ItemRow } from './openIndex.ts';
import { compareSessions } from './rankSessions.ts';
import type { FoundSession } from './searchHit.ts';
import type { Database } from './sqlite.ts';
import type { SourceFile } from './textSource.ts';

/** A session of the index with its number in it. */
export interface IndexedSession extends FoundSession {
  readonly item: number;
  readonly file: SourceFile;
}

/** All sessions of the index in the order of answers; read again when any process has changed the index. */
export class IndexedSessions {
  readonly #database: Database;
  #version: unknown;
  #sessions: readonly IndexedSession[] = [];
  #places = new Int32Array(0);
  #prefixes: ItemPrefixes | undefined;
  #isComplete = false;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Whether the index has had everything once. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Where the session with this number stands in what was read; -1 for none. */
  placeOf(item: number): number {
    return this.#places[item] ?? -1;
  }

  /** How the words of the sessions begin. */
  readPrefixes(): ItemPrefixes {
    return (this.#prefixes ??= new ItemPrefixes(this.#database));
  }

  read(): readonly IndexedSession[] {
    const version = this.#database.prepare('PRAGMA data_version').get()?.['data_version'];
    if (version === this.#version) return this.#sessions;
    const rows = this.#database.prepare(SELECT).all() as unknown as Row[];
    this.#sessions = rows.map(sessionOf).sort(compareSessions);
    const state = this.#database.prepare(`SELECT value FROM state WHERE name = 'is-complete'`);
    this.#isComplete = state.get()?.['value'] === 1;
    this.#places = placesOf(this.#sessions);
    this.#prefixes = undefined;
    this.#version = version;
    return this.#sessions;
  }
}

function placesOf(sessions: readonly IndexedSession[]): Int32Array<ArrayBuffer> {
  const last = sessions.reduce((max, { item }) => Math.max(max, item), 0);
  const places = new Int32Array(last + 1).fill(-1);
  for (const [place, { item }] of sessions.entries()) places[item] = place;
  return places;
}

const SELECT = `SELECT id, source, workspace, key, path, is_compressed, size_bytes, mtime_ms, inode,
  title, first_prompt, last_active_ms FROM item`;

type Row = Omit<ItemRow, 'is_whole' | 'position' | 'tail'>;

function sessionOf(row: Row): IndexedSession {
  const { source, workspace, key } = row;
  return {
    item: row.id,
    source,
    workspace,
    key,
    title: row.title ?? undefined,
    firstPrompt: row.first_prompt ?? undefined,
    lastActiveMs: row.last_active_ms ?? row.mtime_ms,
    file: {
      source,
      workspace,
      key,
      path: row.path,
      isCompressed: row.is_compressed === 1,
      sizeBytes: row.size_bytes,
      mtimeMs: row.mtime_ms,
      inode: row.inode,
    },
  };
}
