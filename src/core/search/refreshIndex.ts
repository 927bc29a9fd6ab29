import type { Log } from '../common/log.ts';
import { IndexWriter } from './indexWriter.ts';
import { closeIndex, discardIndex, isInPlace, tryOpenIndex, type OpenIndex } from './openIndex.ts';
import { PieceBuilder, readPieces, type Piece } from './pieces.ts';
import { planIndex, type FilePlan, type IndexPlan } from './planIndex.ts';
import { readAhead } from './readerThread.ts';
import { isBusy, isCorruption } from './sqlite.ts';
import type { TextSource } from './textSource.ts';

/** Below this, a thread that reads ahead costs more than it saves. */
const READ_AHEAD_BYTES = 8 * 1024 * 1024;
/** Each time another process had the index for itself all along, and has brought it further. */
const MAX_ATTEMPTS = 20;

export interface RefreshOptions {
  readonly home: string;
  readonly sources: readonly TextSource[];
  readonly log: Log;
  /** The entry that `src/indexer/main.ts` is, for a thread that reads ahead; without it, all is done by the caller. */
  readonly script?: string | URL;
  readonly shouldStop?: () => boolean;
  readonly onProgress?: (progress: RefreshProgress) => void;
}

export interface RefreshProgress {
  readonly doneFiles: number;
  readonly files: number;
  /** Of all files together. */
  readonly bytes: number;
}

export interface RefreshResult {
  /** Whether the index has everything now; not when it was stopped, or there can be no index. */
  readonly isComplete: boolean;
  /** How many files were read, and removed from the index. */
  readonly readFiles: number;
  readonly goneFiles: number;
}

const nothingDone: RefreshResult = { isComplete: false, readFiles: 0, goneFiles: 0 };

/**
 * Brings the index of a home up to date: reads what was added to files since, reads those anew that were replaced, and
 * forgets those that are gone. An index that is missing or damaged is made anew. Any number of processes may do so at
 * once. Blocks its thread for as long as a few megabytes take.
 * @throws Error when SQLite fails in a way that a new index would not help against.
 */
export async function refreshIndex(options: RefreshOptions): Promise<RefreshResult> {
  for (let attempt = 1; ; attempt += 1) {
    const index = tryOpenIndex(options.home, options.log);
    if (index === undefined) return nothingDone;
    try {
      const result = await refreshOpen(index, options);
      if (isInPlace(index) || attempt === MAX_ATTEMPTS) return result;
    } catch (error) {
      const isCurable = isCorruption(error) || isBusy(error) || !isInPlace(index);
      if (attempt === MAX_ATTEMPTS || !isCurable) throw error;
      options.log.warn('search.refreshFailed', { attempt, error });
      if (isCorruption(error)) discardIndex(index);
    } finally {
      closeIndex(index);
    }
  }
}

async function refreshOpen(index: OpenIndex, options: RefreshOptions): Promise<RefreshResult> {
  const plan = planIndex(index.database, options.sources, options.log);
  const isComplete = isMarkedComplete(index);
  const shouldStop = options.shouldStop ?? (() => false);
  if (plan.files.length + plan.gone.length === 0 && isComplete) {
    return { ...nothingDone, isComplete: true };
  }
  const writer = new IndexWriter(index.database);
  // Each waits for the disk: one at the end will do, however long the log grows until then.
  if (plan.bytes > READ_AHEAD_BYTES) index.database.exec('PRAGMA wal_autocheckpoint = 0');
  try {
    for (const item of plan.gone) writer.remove(item);
    const readFiles = await writeAll(index, plan, writer, options);
    const hasAll = !shouldStop();
    if (hasAll && !isComplete) writer.markComplete();
    writer.commit();
    if (plan.bytes > READ_AHEAD_BYTES) index.database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    return { isComplete: hasAll, readFiles, goneFiles: plan.gone.length };
  } catch (error) {
    writer.rollBack();
    throw error;
  }
}

async function writeAll(
  index: OpenIndex,
  plan: IndexPlan,
  writer: IndexWriter,
  { shouldStop = () => false, onProgress, ...options }: RefreshOptions,
): Promise<number> {
  let doneFiles = 0;
  const { files, bytes } = plan;
  for await (const piece of piecesOf(plan, options)) {
    const ofFile = files[piece.plan];
    if (ofFile === undefined) continue;
    writer.write(ofFile, piece);
    if (!piece.isLast) continue;
    doneFiles += 1;
    onProgress?.({ doneFiles, files: files.length, bytes });
    // Deleted by its user, or made anew by another process: what is written here, nobody would see.
    if (shouldStop() || (doneFiles % 100 === 0 && !isInPlace(index))) break;
  }
  return doneFiles;
}

async function* piecesOf(
  { files, bytes }: IndexPlan,
  { script, home, sources, log }: RefreshOptions,
): AsyncGenerator<Piece> {
  const onUnreadable = (plan: number, message: string): void => {
    log.warn('search.fileUnreadable', { path: files[plan]?.file.path, message });
  };
  if (script !== undefined && bytes > READ_AHEAD_BYTES) {
    yield* readAhead({ script, home, plans: files, onUnreadable });
    return;
  }
  const builder = new PieceBuilder();
  for (const [index, plan] of files.entries()) {
    builder.plan = index;
    try {
      yield* readAll(sources, plan, builder);
    } catch (error) {
      builder.discard();
      onUnreadable(index, String(error));
    }
  }
}

function readAll(
  sources: readonly TextSource[],
  plan: FilePlan,
  builder: PieceBuilder,
): readonly Piece[] {
  const source = sources.find(({ name }) => name === plan.file.source);
  const pieces: Piece[] = [];
  if (source !== undefined) readPieces(source, plan, builder, (piece) => pieces.push(piece));
  return pieces;
}

function isMarkedComplete({ database }: OpenIndex): boolean {
  const row = database.prepare(`SELECT value FROM state WHERE name = 'is-complete'`).get();
  return row?.['value'] === 1;
}
