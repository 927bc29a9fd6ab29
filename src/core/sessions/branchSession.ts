import { randomUUID } from 'node:crypto';
import { constants, copyFileSync, rmSync } from 'node:fs';
import { appendLineSync } from '../common/appendLog.ts';
import { storeError } from '../common/atomicFile.ts';
import { HoldfastError } from '../common/errors.ts';
import { cutUnfinishedLine } from './cutUnfinishedLine.ts';
import { frameLine, Journal, newWriter } from './journal.ts';
import type { NewLine } from './journalLines.ts';
import { readJournalBytes, requireJournal } from './readJournal.ts';
import { publishNew, temporaryName, writeDurableSync } from './replaceJournal.ts';
import { findJournal, sessionFilesOf, syncDirectory, type JournalFile } from './sessionFiles.ts';
import { requireSessionId } from './sessionId.ts';
import type { SessionStore } from './sessionStore.ts';

export interface BranchOptions {
  /** Of the copy; a UUID unless given. */
  readonly id?: string;
  /** Copy only what lies before this offset, which is the end of a line; all of it unless given. */
  readonly upToOffset?: number;
}

/**
 * Copies a session's past into a new session, and gives its id. Both go on from there without touching each other; the
 * tasks are shared, since there is only one of each. A file system with reflinks copies nothing until one is changed.
 * @throws HoldfastError `session.notFound`, `session.idInvalid`, `session.idTaken`, `disk.full`, `home.notWritable`.
 */
export function branchSession(
  store: SessionStore,
  parentId: string,
  options: BranchOptions = {},
): string {
  const { host } = store;
  const id = requireSessionId(options.id ?? randomUUID());
  const parent = requireJournal(sessionFilesOf(host.workspace, parentId));
  const files = sessionFilesOf(host.workspace, id);
  if (findJournal(files) !== undefined) throw idTaken(id);
  const line: NewLine = { type: 'branched', from: parentId, to: id, by: host.face };
  const temporary = temporaryName(files.plain);
  try {
    copyPrefix(parent, temporary, options.upToOffset);
    cutUnfinishedLine(temporary);
    const frame = { writer: newWriter(), number: 1, nowMs: host.clock.now() };
    appendLineSync(temporary, frameLine(line, frame), { isDurable: true });
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  if (!publishNew(temporary, files.plain)) throw idTaken(id);
  syncDirectory(files.directory);
  new Journal(host, parentId).append(line);
  host.log.info('session.branched', { from: parentId, to: id });
  return id;
}

function copyPrefix(parent: JournalFile, target: string, upToOffset: number | undefined): void {
  if (parent.isCompressed || upToOffset !== undefined) {
    const bytes = readJournalBytes(parent);
    writeDurableSync(target, [bytes.subarray(0, upToOffset)]);
    return;
  }
  try {
    copyFileSync(parent.path, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  } catch (error) {
    throw storeError(`copying ${parent.path}`, error);
  }
}

function idTaken(id: string): HoldfastError {
  return new HoldfastError('session.idTaken', `there is a session ${id} already`, { data: { id } });
}
