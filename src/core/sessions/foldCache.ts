import { readFileSync, rmSync } from 'node:fs';
import { foldJournal, type FoldedJournal, type FoldStart } from './foldJournal.ts';
import { ensureDirectory, sessionFilesOf, type SessionFiles } from './sessionFiles.ts';
import type { Workspace } from '../store/workspace.ts';
import { decodeState, encodeState } from './stateJson.ts';
import { writeCacheFile } from './cacheFile.ts';
import path from 'node:path';

/** Below this, folding anew costs less than a checkpoint is worth. */
const CHECKPOINT_BYTES = 4 * 1024 * 1024;
const MAX_FOLDS_KEPT = 32;

/**
 * Folds journals and remembers the folds: the last ones here, those of long journals beside them on the disk, so that
 * each costs only what was added since. One for each window or command.
 */
export class FoldCache {
  readonly #workspace: Workspace;
  /** In the order of use, the latest at the end. */
  readonly #folds = new Map<string, FoldedJournal>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** The state is good until the next call for the same session. @throws HoldfastError `session.notFound`, `file.unreadable`. */
  fold(id: string): FoldedJournal {
    const files = sessionFilesOf(this.#workspace, id);
    const known = this.#folds.get(id);
    this.#folds.delete(id);
    const start = known ?? readCheckpoint(files);
    const folded = foldJournal(files, start);
    if (folded.offset - (start?.offset ?? 0) > CHECKPOINT_BYTES) writeCheckpoint(files, folded);
    this.#folds.set(id, folded);
    const [oldest] = this.#folds.keys();
    if (this.#folds.size > MAX_FOLDS_KEPT && oldest !== undefined) this.#folds.delete(oldest);
    return folded;
  }

  forget(id: string): void {
    this.#folds.delete(id);
    rmSync(sessionFilesOf(this.#workspace, id).checkpoint, { force: true });
  }
}

function readCheckpoint(files: SessionFiles): FoldStart | undefined {
  try {
    const text = readFileSync(files.checkpoint, { encoding: 'utf8' });
    return decodeState(text, files.id);
  } catch {
    return undefined;
  }
}

function writeCheckpoint(files: SessionFiles, folded: FoldedJournal): void {
  ensureDirectory(path.dirname(files.checkpoint));
  writeCacheFile(files.checkpoint, encodeState(folded));
}
