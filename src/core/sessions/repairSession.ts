import { statSync } from 'node:fs';
import { carryOver } from './carryOver.ts';
import { frameLine, Journal, newWriter } from './journal.ts';
import { applyLine } from './applyLine.ts';
import { decompressJournal } from './decompressJournal.ts';
import type { TimedLine } from './linesOfRecord.ts';
import { parseJournalLine } from './parseJournalLine.ts';
import { requireJournal, scanJournal } from './readJournal.ts';
import {
  damagedName,
  keepBeside,
  publishOver,
  temporaryName,
  writeDurableSync,
} from './replaceJournal.ts';
import { sessionFilesOf, type JournalFile } from './sessionFiles.ts';
import { heldElsewhere, leaseHolderOf } from './sessionLease.ts';
import { emptyState, isDamaged, needsRepair, type SessionState } from './sessionState.ts';
import type { SessionStore } from './sessionStore.ts';

export interface RepairOptions {
  /** For a journal that has lost its own; a poorer one is made up unless given. */
  readonly header?: TimedLine | undefined;
}

/** What a repair found and did. */
export interface RepairResult {
  readonly id: string;
  /** Nothing was wrong, or nothing that had not been told before. */
  readonly wasSound: boolean;
  readonly damage: SessionState['damage'];
  readonly keptLines: number;
  /** Where the damaged journal is now. */
  readonly damagedFile: string | undefined;
}

/**
 * Writes a sound journal of everything that can be read of a damaged one, which is kept beside. Lines that are sound
 * stay byte for byte, those of unknown types too. A session that another process has open is left to it.
 * @throws HoldfastError `session.notFound`, `session.heldElsewhere`, `file.unreadable`, `disk.full`, `home.notWritable`.
 */
export function repairSession(
  store: SessionStore,
  id: string,
  { header: given }: RepairOptions = {},
): RepairResult {
  const { host } = store;
  const files = sessionFilesOf(host.workspace, id);
  const holder = leaseHolderOf(files);
  if (holder !== undefined) throw heldElsewhere(id, holder);
  const damagedPack = requireJournal(files).isCompressed ? decompressJournal(files) : undefined;
  const journal = requireJournal(files);
  const found = readSoundLines(journal);
  const result = { id, damage: found.state.damage, keptLines: found.texts.length };
  const wasSound = !isDamaged(found.state) && damagedPack === undefined;
  if (!needsRepair(found.state) && !found.endsInMidLine) {
    tellMissing(store, found.state);
    return { ...result, wasSound, damagedFile: damagedPack };
  }
  const temporary = temporaryName(files.plain);
  const header = found.state.damage.isHeaderMissing ? [headerOf(store, found.state, given)] : [];
  writeDurableSync(temporary, piecesOf([...header, ...found.texts]));
  const damagedFile = damagedName(files.plain, host.clock.now());
  keepBeside(journal.path, damagedFile);
  publishOver(temporary, files.plain, files);
  if (statSync(damagedFile).size > journal.sizeBytes) {
    carryOver(files, damagedFile, journal.sizeBytes);
  }
  store.forget(id);
  tellMissing(store, found.state);
  host.log.warn('session.repaired', { id, ...found.state.damage });
  return { ...result, wasSound, damagedFile };
}

/** Nothing brings back a line that is gone: it is said once, and then no more at each resume. */
function tellMissing({ host }: SessionStore, state: SessionState): void {
  const { missingLines } = state.damage;
  if (missingLines === state.toldMissingLines) return;
  new Journal(host, state.id).append({ type: 'repaired', missing: missingLines });
}

interface SoundLines {
  readonly state: SessionState;
  readonly texts: string[];
  readonly endsInMidLine: boolean;
}

function readSoundLines(journal: JournalFile): SoundLines {
  const state = emptyState(journal.id);
  const texts: string[] = [];
  const take = (bytes: Buffer): void => {
    const { lines, texts: found, isDamaged: isLineDamaged } = parseJournalLine(bytes);
    if (isLineDamaged) state.damage.unreadableLines += 1;
    for (const [index, line] of lines.entries()) {
      const outcome = applyLine(state, line);
      if (outcome === 'applied' || outcome === 'unknown') texts.push(found[index] ?? '');
    }
  };
  const { rest } = scanJournal(journal, 0, take);
  take(rest);
  return { state, texts, endsInMidLine: rest.length > 0 };
}

/** As much as is known: when the first line was written, and whose store it lies in. */
function headerOf({ host }: SessionStore, state: SessionState, given?: TimedLine): string {
  const { folder } = host.workspace;
  const { atMs = Infinity, ...line } = given ?? {
    type: 'session',
    id: state.id,
    workspace: folder,
    origin: 'repair',
  };
  const nowMs = Math.min(state.startMs ?? host.clock.now(), atMs);
  return JSON.stringify(frameLine(line, { writer: newWriter(), number: 1, nowMs }));
}

function* piecesOf(texts: readonly string[]): Generator<Buffer> {
  for (const text of texts) yield Buffer.from(`${text}\n`);
}
