import { compressJournal, MAX_COMPRESSIBLE_BYTES } from './compressJournal.ts';
import { sweepLeftovers } from './sweepLeftovers.ts';
import { findJournal, listSessionIds, sessionFilesOf, type JournalFile } from './sessionFiles.ts';
import type { SessionHost } from './sessionHost.ts';
import { isLeased } from './sessionLease.ts';

const MIN_BYTES = 1024 * 1024;
const DAY_MS = 24 * 60 * 60 * 1000;

export interface CompressOptions {
  readonly minBytes?: number;
  /** How long a journal must have been left alone. */
  readonly minIdleMs?: number;
}

/**
 * Compresses the long journals that nobody has touched for a day; reading and resuming them stays the same. Gives the
 * ids of those it did. Takes a while: not on anybody's way to something.
 * @throws HoldfastError `disk.full`, `home.notWritable`, `file.unreadable`.
 */
export function compressSessions(host: SessionHost, options: CompressOptions = {}): string[] {
  const { minBytes = MIN_BYTES, minIdleMs = DAY_MS } = options;
  const nowMs = host.clock.now();
  sweepLeftovers(host);
  const isDue = ({ isCompressed, sizeBytes, mtimeMs }: JournalFile): boolean =>
    !isCompressed &&
    sizeBytes > minBytes &&
    sizeBytes <= MAX_COMPRESSIBLE_BYTES &&
    nowMs - mtimeMs > minIdleMs;
  return listSessionIds(host.workspace).filter((id) => {
    const files = sessionFilesOf(host.workspace, id);
    const journal = findJournal(files);
    if (journal === undefined || !isDue(journal) || isLeased(files)) return false;
    compressJournal(files);
    host.log.info('session.compressed', { id, sizeBytes: journal.sizeBytes });
    return true;
  });
}
