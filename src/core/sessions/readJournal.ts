import { readFileSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { chunksOfFile, scanLines, type OnLine, type ScannedLines } from '../common/appendLog.ts';
import { HoldfastError, systemErrorCode, unreadable } from '../common/errors.ts';
import { findJournal, type JournalFile, type SessionFiles } from './sessionFiles.ts';

/** The marks at the start of each gzip member that zlib writes (RFC 1952: magic, deflate, no flags, no time). */
const MEMBER_START = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);

/** What could be read of a compressed file. */
export interface Decompressed {
  readonly bytes: Buffer;
  readonly isDamaged: boolean;
}

export interface ScannedJournal extends ScannedLines {
  /** The compressed file is not as it was written: lines may be missing at its end or in its middle. */
  readonly isPackingDamaged: boolean;
}

/** @throws HoldfastError `session.notFound`. */
export function requireJournal(files: SessionFiles): JournalFile {
  const journal = findJournal(files);
  if (journal !== undefined) return journal;
  throw new HoldfastError('session.notFound', `there is no session ${files.id}`, {
    data: { id: files.id },
  });
}

/**
 * Calls back for each line of a journal from an offset on (the start of a line), compressed or not; offsets are of the
 * text in either case. @throws HoldfastError `file.unreadable`.
 */
export function scanJournal(
  journal: JournalFile,
  fromOffset: number,
  onLine: OnLine,
): ScannedJournal {
  if (!journal.isCompressed) {
    const scanned = scanLines(chunksOfFile(journal.path, fromOffset), fromOffset, onLine);
    return { ...scanned, isPackingDamaged: false };
  }
  const { bytes, isDamaged } = decompressFile(journal.path);
  const scanned = scanLines([bytes.subarray(fromOffset)], fromOffset, onLine);
  return { ...scanned, isPackingDamaged: isDamaged };
}

/** The text of a journal as it is. @throws HoldfastError `file.unreadable`. */
export function readJournalBytes(journal: JournalFile): Buffer {
  return journal.isCompressed ? decompressFile(journal.path).bytes : readWhole(journal.path);
}

/** @throws HoldfastError `file.unreadable`. */
export function decompressFile(path: string): Decompressed {
  const packed = readWhole(path);
  try {
    return { bytes: gunzipSync(packed), isDamaged: false };
  } catch {
    return { bytes: Buffer.concat(readableMembers(packed)), isDamaged: true };
  }
}

/** A journal is compressed in members of a few MiB: those that are whole, and the front of one that is cut off. */
function readableMembers(packed: Buffer): Buffer[] {
  const starts: number[] = [];
  for (let at = packed.indexOf(MEMBER_START); at !== -1;) {
    starts.push(at);
    at = packed.indexOf(MEMBER_START, at + 1);
  }
  return starts.flatMap((start, index) => {
    try {
      const member = packed.subarray(start, starts[index + 1]);
      return [gunzipSync(member, { finishFlush: constants.Z_SYNC_FLUSH }), Buffer.from('\n')];
    } catch {
      return [];
    }
  });
}

function readWhole(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return Buffer.alloc(0);
    throw unreadable(path, error);
  }
}
