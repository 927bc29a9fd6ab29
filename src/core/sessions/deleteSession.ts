import { existsSync, renameSync, rmSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { storeError } from '../common/atomicFile.ts';
import { HoldfastError } from '../common/errors.ts';
import { foldJournal } from './foldJournal.ts';
import { Journal } from './journal.ts';
import { requireJournal } from './readJournal.ts';
import { keepBeside } from './replaceJournal.ts';
import {
  ensureDirectory,
  findJournal,
  namesIn,
  sessionFilesOf,
  sessionsDirectory,
  type SessionFiles,
} from './sessionFiles.ts';
import type { SessionHost } from './sessionHost.ts';
import { heldElsewhere, leaseHolderOf } from './sessionLease.ts';
import type { SessionStore } from './sessionStore.ts';

/** How long a deleted session can be had back. */
export const TRASH_DAYS = 7;

const DAY_MS = 24 * 60 * 60 * 1000;
/** `<id>@<milliseconds>.jsonl[.gz]`: an id has no `@`. */
const TRASHED = /^(.+)@(\d+)(\.jsonl(?:\.gz)?)$/;

/** A session that was deleted, and can be had back until it is swept away. */
export interface TrashedSession {
  readonly id: string;
  readonly name: string;
  readonly deletedAtMs: number;
}

/**
 * Deletes a session: moves it to the trash for a week. Its tasks go on.
 * @throws HoldfastError `session.notFound`, `session.heldElsewhere`, `home.notWritable`.
 */
export function deleteSession(store: SessionStore, id: string): TrashedSession {
  const { host } = store;
  const files = sessionFilesOf(host.workspace, id);
  const journal = requireJournal(files);
  const holder = leaseHolderOf(files);
  if (holder !== undefined) throw heldElsewhere(id, holder);
  const deletedAtMs = host.clock.now();
  const name = `${id}@${String(deletedAtMs)}${journal.isCompressed ? '.jsonl.gz' : '.jsonl'}`;
  const trash = trashDirectory(host);
  ensureDirectory(trash);
  try {
    renameSync(journal.path, path.join(trash, name));
  } catch (error) {
    throw storeError(`moving ${journal.path} to ${trash}`, error);
  }
  // What a compression that was cut short has left beside.
  rmSync(files.compressed, { force: true });
  rmSync(files.lease, { force: true });
  store.forget(id);
  host.log.info('session.deleted', { id });
  return { id, name, deletedAtMs };
}

/** The deleted sessions that can still be had back, the latest first. */
export function listTrash(host: SessionHost): TrashedSession[] {
  const found = namesIn(trashDirectory(host)).flatMap((name) => {
    const [, id, deletedAt] = TRASHED.exec(name) ?? [];
    return id === undefined ? [] : [{ id, name, deletedAtMs: Number(deletedAt) }];
  });
  return found.sort((a, b) => b.deletedAtMs - a.deletedAtMs);
}

/**
 * Has a deleted session back, the latest of this id. It is then kept for as long as one that was worked on now.
 * @throws HoldfastError `session.notFound`, `session.idTaken` when there is another one of this id by now.
 */
export function undeleteSession(host: SessionHost, id: string): void {
  const trashed = listTrash(host).find((each) => each.id === id);
  if (trashed === undefined) {
    throw new HoldfastError('session.notFound', `there is no deleted session ${id}`, {
      data: { id },
    });
  }
  const files = sessionFilesOf(host.workspace, id);
  if (findJournal(files) !== undefined) {
    throw new HoldfastError('session.idTaken', `there is a session ${id} again`, { data: { id } });
  }
  const from = path.join(trashDirectory(host), trashed.name);
  const to = trashed.name.endsWith('.gz') ? files.compressed : files.plain;
  keepBeside(from, to);
  rmSync(from, { force: true });
  noteRestored(host, files);
}

/**
 * Else the next cleaning would take it away again. It is back in any case: on a full disk, this makes no error of it.
 */
function noteRestored(host: SessionHost, files: SessionFiles): void {
  const { id } = files;
  try {
    const { state, journal } = foldJournal(files);
    if (state.lineCount > 0) {
      new Journal(host, id).append({ type: 'restored', by: host.face });
      return;
    }
    // It is as old as its file. One line that can be read would make it look as if it could be resumed.
    const now = new Date(host.clock.now());
    utimesSync(journal.path, now, now);
  } catch (error) {
    host.log.warn('session.restoreNotNoted', { id, error });
  }
}

/** Deletes for good what was deleted a week ago. */
export function sweepTrash(host: SessionHost, maxAgeDays = TRASH_DAYS): TrashedSession[] {
  const trash = trashDirectory(host);
  const nowMs = host.clock.now();
  const old = listTrash(host).filter(
    ({ deletedAtMs }) => nowMs - deletedAtMs > maxAgeDays * DAY_MS,
  );
  for (const { name } of old) rmSync(path.join(trash, name), { force: true });
  return old.filter(({ name }) => !existsSync(path.join(trash, name)));
}

function trashDirectory(host: SessionHost): string {
  return path.join(sessionsDirectory(host.workspace), '.trash');
}
