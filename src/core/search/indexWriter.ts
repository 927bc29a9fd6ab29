import { BLOCKS_OF_ITEM, rollBack } from './openIndex.ts';
import type { Piece } from './pieces.ts';
import type { FilePlan, KnownItem } from './planIndex.ts';
import { mergePrefixes, prefixRow } from './itemPrefixes.ts';
import { BLOCK_BYTES } from './readBlocks.ts';
import type { Prefixes } from './shortPrefixes.ts';
import type { Database, Statement } from './sqlite.ts';
import type { SourceFile } from './textSource.ts';

/** What another process that wants to write has to wait for, about a second. */
const TRANSACTION_BYTES = 48 * 1024 * 1024;

/** Writes pieces into the index, many in one transaction. Whoever uses it commits, or rolls back, at the end. */
export class IndexWriter {
  readonly #database: Database;
  readonly #statements: ReturnType<typeof prepareStatements>;
  #isOpen = false;
  #bytes = 0;
  /** The file whose pieces come now: the row that they must find unchanged, and none to be written if it was not. */
  #current: { plan: FilePlan; known: KnownItem | undefined; isSkipped: boolean } | undefined;

  constructor(database: Database) {
    this.#database = database;
    this.#statements = prepareStatements(database);
  }

  /** Pieces of one plan must come one after the other. */
  write(plan: FilePlan, piece: Piece): void {
    this.#begin();
    if (this.#current?.plan !== plan) {
      this.#current = { plan, known: plan.known, isSkipped: false };
    }
    const current = this.#current;
    if (current.isSkipped || !this.#isUnchanged(plan.file, current.known)) {
      // Another process has indexed it meanwhile.
      current.isSkipped = true;
      return;
    }
    const isFirst = current.known === plan.known;
    const item = this.#itemFor(plan, current.known, isFirst);
    const isNew = item !== current.known?.id;
    if (isFirst && !isNew) this.#dropBlocks(item, Math.floor(plan.from.offset / BLOCK_BYTES));
    this.#addBlocks(item, piece);
    this.#addPrefixes(item, piece.prefixes, isNew);
    this.#savePosition(item, plan.file, piece);
    current.known = { id: item, position: piece.position.offset, isWhole: piece.isLast };
    if (this.#bytes >= TRANSACTION_BYTES) this.commit();
  }

  remove(item: number): void {
    this.#begin();
    this.#dropBlocks(item, 0);
    this.#statements.deletePrefixes.run(item);
    this.#statements.deleteItem.run(item);
  }

  /** Every file has been read once; what is found is all there is. */
  markComplete(): void {
    this.#begin();
    this.#database.exec(`INSERT OR REPLACE INTO state (name, value) VALUES ('is-complete', 1)`);
  }

  commit(): void {
    if (!this.#isOpen) return;
    this.#database.exec('COMMIT');
    this.#isOpen = false;
    this.#bytes = 0;
  }

  rollBack(): void {
    if (this.#isOpen) rollBack(this.#database);
    this.#isOpen = false;
  }

  #begin(): void {
    if (this.#isOpen) return;
    this.#database.exec('BEGIN IMMEDIATE');
    this.#isOpen = true;
  }

  #isUnchanged({ source, workspace, key }: SourceFile, known: KnownItem | undefined): boolean {
    const row = this.#statements.findItem.get(source, workspace, key);
    if (row === undefined || known === undefined) return row === undefined && known === undefined;
    return (
      row['id'] === known.id &&
      row['position'] === known.position &&
      (row['is_whole'] === 1) === known.isWhole
    );
  }

  /** An item that is read from its start again is a new one. */
  #itemFor({ file, isRebuild }: FilePlan, known: KnownItem | undefined, isFirst: boolean): number {
    if (known !== undefined && !(isRebuild && isFirst)) return known.id;
    if (known !== undefined) this.remove(known.id);
    const { source, workspace, key } = file;
    return Number(this.#statements.insertItem.run(source, workspace, key).lastInsertRowid);
  }

  #dropBlocks(item: number, fromNumber: number): void {
    const from = item * BLOCKS_OF_ITEM + fromNumber;
    const to = (item + 1) * BLOCKS_OF_ITEM;
    for (const { id } of this.#statements.findBlocks.all(from, to)) {
      this.#statements.deleteText.run(id ?? null);
    }
    this.#statements.deleteBlocks.run(from, to);
  }

  #addBlocks(item: number, { blocks, text }: Piece): void {
    let start = 0;
    for (const { number, fromOffset, toOffset, textEnd, bytes } of blocks) {
      const id = item * BLOCKS_OF_ITEM + number;
      this.#statements.insertBlock.run(id, fromOffset, toOffset, bytes ?? null);
      this.#statements.insertText.run(id, text.subarray(start, textEnd));
      start = textEnd;
    }
    this.#bytes += text.length;
  }

  #addPrefixes(item: number, prefixes: Prefixes, isNew: boolean): void {
    const before = isNew ? undefined : this.#statements.findPrefixes.get(item);
    const { codes, others } =
      before === undefined ? prefixRow(prefixes) : mergePrefixes(before, prefixes);
    this.#statements.setPrefixes.run(item, codes, others);
  }

  #savePosition(item: number, file: SourceFile, { position, isLast }: Piece): void {
    const { title, firstPrompt, lastActiveMs } = position.facts;
    const { path, isCompressed, sizeBytes, mtimeMs, inode } = file;
    this.#statements.updateItem.run(
      ...[path, isCompressed ? 1 : 0, sizeBytes, mtimeMs, inode],
      ...[isLast ? 1 : 0, position.offset, position.tail],
      ...[title ?? null, firstPrompt ?? null, lastActiveMs ?? null, item],
    );
  }
}

function prepareStatements(database: Database): Readonly<Record<StatementName, Statement>> {
  const entries = Object.entries(sql).map(([name, text]) => [name, database.prepare(text)]);
  return Object.fromEntries(entries) as Record<StatementName, Statement>;
}

type StatementName = keyof typeof sql;

const sql = {
  findItem:
    'SELECT id, position, is_whole FROM item WHERE source = ? AND workspace = ? AND key = ?',
  insertItem: `INSERT INTO item (source, workspace, key, path, is_compressed, size_bytes, mtime_ms,
    inode, is_whole, position, tail) VALUES (?, ?, ?, '', 0, 0, 0, 0, 0, 0, '')`,
  updateItem: `UPDATE item SET path = ?, is_compressed = ?, size_bytes = ?, mtime_ms = ?, inode = ?,
    is_whole = ?, position = ?, tail = ?, title = ?, first_prompt = ?, last_active_ms = ?
    WHERE id = ?`,
  deleteItem: 'DELETE FROM item WHERE id = ?',
  findPrefixes: 'SELECT codes, others FROM prefix WHERE item = ?',
  setPrefixes: 'INSERT OR REPLACE INTO prefix (item, codes, others) VALUES (?, ?, ?)',
  deletePrefixes: 'DELETE FROM prefix WHERE item = ?',
  findBlocks: 'SELECT id FROM block WHERE id >= ? AND id < ?',
  insertBlock: 'INSERT INTO block (id, from_offset, to_offset, bytes) VALUES (?, ?, ?, ?)',
  deleteBlocks: 'DELETE FROM block WHERE id >= ? AND id < ?',
  // The text comes as bytes, which FTS5 would not take for words.
  insertText: 'INSERT INTO text (rowid, words) VALUES (?, CAST(? AS TEXT))',
  deleteText: 'DELETE FROM text WHERE rowid = ?',
} as const;
