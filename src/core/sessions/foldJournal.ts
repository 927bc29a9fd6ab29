import { closeSync, openSync, readSync } from 'node:fs';
import { applyLine } from './applyLine.ts';
import { parseJournalLine } from './parseJournalLine.ts';
import { requireJournal, scanJournal } from './readJournal.ts';
import type { JournalFile, SessionFiles } from './sessionFiles.ts';
import { emptyState, type SessionState } from './sessionState.ts';

/** How much of the text before the offset is remembered, to notice that the journal is another one now. */
const TAIL_BYTES = 64;

/** A journal folded into a state, with what it takes to go on from there. */
export interface FoldedJournal {
  /** With a last line that has no newline yet. Not to be changed; the next fold goes on in it. */
  readonly state: SessionState;
  /** The file that was folded. */
  readonly journal: JournalFile;
  /** Up to the last newline. */
  readonly committed: SessionState;
  readonly offset: number;
  /** The last bytes before the offset. */
  readonly tail: string;
}

/** What the next fold needs of the one before: all of it, or what a checkpoint has kept. */
export type FoldStart = Pick<FoldedJournal, 'committed' | 'offset' | 'tail'>;

/**
 * Folds a journal, reading only what is behind `previous`, which must not be used any more afterwards. When the journal
 * was replaced since, by a repair for instance, it is read from its start.
 * @throws HoldfastError `session.notFound`, `file.unreadable`.
 */
export function foldJournal(files: SessionFiles, previous?: FoldStart): FoldedJournal {
  const journal = requireJournal(files);
  if (previous !== undefined && isSame(previous, journal)) return previous;
  const start = goOnFrom(journal, previous) ?? {
    committed: emptyState(files.id),
    offset: 0,
    tail: '',
  };
  const { committed } = start;
  let last: Buffer = Buffer.alloc(0);
  const { endOffset, rest, isPackingDamaged } = scanJournal(journal, start.offset, (line) => {
    last = Buffer.from(line.subarray(-TAIL_BYTES));
    foldLine(committed, line);
  });
  if (isPackingDamaged) committed.damage.unreadableLines += 1;
  const tail = endOffset === start.offset ? start.tail : encodeTail(last);
  let state = committed;
  if (rest.length > 0) {
    // Nobody may ever complete it, so what it says counts; but the next fold has to see it anew.
    state = structuredClone(committed);
    foldLine(state, rest);
  }
  return { state, journal, committed, offset: endOffset, tail };
}

function foldLine(state: SessionState, bytes: Buffer): void {
  const { lines, isDamaged } = parseJournalLine(bytes);
  if (isDamaged) state.damage.unreadableLines += 1;
  for (const line of lines) applyLine(state, line);
}

function isSame(previous: FoldStart, journal: JournalFile): previous is FoldedJournal {
  if (!('journal' in previous)) return false;
  const before = previous.journal as JournalFile;
  return (
    before.path === journal.path &&
    before.sizeBytes === journal.sizeBytes &&
    before.mtimeMs === journal.mtimeMs &&
    before.inode === journal.inode
  );
}

function goOnFrom(journal: JournalFile, previous: FoldStart | undefined): FoldStart | undefined {
  if (previous === undefined || previous.offset === 0 || journal.isCompressed) return undefined;
  if (previous.offset > journal.sizeBytes) return undefined;
  const expected = Buffer.from(previous.tail, 'base64');
  // The newline itself stands at offset - 1.
  const at = previous.offset - 1 - expected.length;
  return at >= 0 && readAt(journal.path, at, expected.length).equals(expected)
    ? previous
    : undefined;
}

function readAt(path: string, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const descriptor = openSync(path, 'r');
  try {
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, position));
  } finally {
    closeSync(descriptor);
  }
}

function encodeTail(line: Buffer): string {
  return line.toString('base64');
}
