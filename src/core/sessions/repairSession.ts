import { statSync } from 'node:fs';
import { carryOver } from './carryOver.ts';
import { frameLine, newWriter } from './journal.ts';
import { applyLine } from './applyLine.ts';
import { decompressJournal } from './decompressJournal.ts';
import { parseJournalLine } from './parseJournalLine.ts';
import { requireJournal, scanJournal } from './readJournal.ts';
import { keepBeside, publishOver, temporaryName, writeDurableSync } from './replaceJournal.ts';
import { sessionFilesOf, type JournalFile } from './sessionFiles.ts';
import { heldElsewhere, leaseHolderOf } from './sessionLease.ts';
import { emptyState, isDamaged, needsRepair, type SessionState } from './sessionState.ts';
import type { SessionStore } from './sessionStore.ts';

/** What a repair found and did. */
export interface RepairResult {
  readonly id: string;
  /** Nothing had to be done. */
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
export function repairSession(store: SessionStore, id: string): RepairResult {
  const { host } = store;
  const files = sessionFilesOf(host.workspace, id);
  const holder = leaseHolderOf(files);
  if (holder !== undefined) throw heldElsewhere(id, holder);
  if (requireJournal(files).isCompressed) decompressJournal(files);
  const journal = requireJournal(files);
  const found = readSoundLines(journal);
  const result = { id, damage: found.state.damage, keptLines: found.texts.length };
  if (!needsRepair(found.state) && !found.endsInMidLine) {
    return { ...result, wasSound: true, damagedFile: undefined };
  }
  const temporary = temporaryName(files.plain);
  const header = found.state.damage.isHeaderMissing ? [inventHeader(store, found.state)] : [];
  writeDurableSync(temporary, piecesOf([...header, ...found.texts]));
  const time = new Date(host.clock.now()).toISOString().replaceAll(':', '');
  const damagedFile = `${files.plain}.damaged-${time}`;
  keepBeside(journal.path, damagedFile);
  publishOver(temporary, files.plain, files);
  if (statSync(damagedFile).size > journal.sizeBytes) {
    carryOver(files, damagedFile, journal.sizeBytes);
  }
  store.forget(id);
  host.log.warn('session.repaired', { id, ...found.state.damage });
  return { ...result, wasSound: !isDamaged(found.state), damagedFile };
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
function inventHeader({ host }: SessionStore, state: SessionState): string {
  const nowMs = state.startMs ?? host.clock.now();
  const { folder } = host.workspace;
  const line = { type: 'session', id: state.id, workspace: folder, origin: 'repair' } as const;
  return JSON.stringify(frameLine(line, { writer: newWriter(), number: 1, nowMs }));
}

function* piecesOf(texts: readonly string[]): Generator<Buffer> {
  for (const text of texts) yield Buffer.from(`${text}\n`);
}
