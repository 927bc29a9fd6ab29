import type { Command } from 'commander';
import { HoldfastError } from '../../core/common/errors.ts';
import { branchSession } from '../../core/sessions/branchSession.ts';
import { deleteSession, TRASH_DAYS, undeleteSession } from '../../core/sessions/deleteSession.ts';
import { repairSession } from '../../core/sessions/repairSession.ts';
import { pinSession, renameSession } from '../../core/sessions/sessionEdits.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';
import type { CommonOptions } from '../context.ts';
import { writeJson, writeLine } from '../stdio.ts';
import { findSession, openStore, type SessionOptions } from './openStore.ts';

/** Prints the result of an act: an object for scripts, or a line for people. */
async function report(options: CommonOptions, json: object, line: string): Promise<void> {
  await (options.json ? writeJson(json) : writeLine(line));
}

export async function rename(given: string, words: string[], command: Command): Promise<void> {
  const options = command.optsWithGlobals<SessionOptions>();
  const { store, id } = findSession(options, given);
  if (words.join('').trim() === '') {
    throw new HoldfastError('input.invalid', 'a title needs a letter at least');
  }
  const title = renameSession(store.host, id, words.join(' '));
  await report(options, { sessionId: id, title }, `${id}  ${oneLine(title)}`);
}

export async function pin(given: string, command: Command): Promise<void> {
  const options = command.optsWithGlobals<SessionOptions & { off?: boolean }>();
  const { store, id } = findSession(options, given);
  const isPinned = options.off !== true;
  pinSession(store.host, id, isPinned);
  await report(options, { sessionId: id, isPinned }, `${id}  ${isPinned ? '' : 'not '}pinned`);
}

export async function branch(given: string, command: Command): Promise<void> {
  const options = command.optsWithGlobals<SessionOptions & { id?: string }>();
  const { store, id: parent } = findSession(options, given);
  const id = branchSession(store, parent, options.id === undefined ? {} : { id: options.id });
  await report(options, { sessionId: id, parent }, `${id}  branch of ${parent}`);
}

export async function remove(given: string, command: Command): Promise<void> {
  const options = command.optsWithGlobals<SessionOptions>();
  const found = findSession(options, given);
  const { id } = deleteSession(found.store, found.id);
  const line = `${id}  deleted; for ${TRASH_DAYS} days \`holdfast sessions undelete ${id}\` brings it back`;
  await report(options, { sessionId: id, keptDays: TRASH_DAYS }, line);
}

export async function undelete(id: string, command: Command): Promise<void> {
  const options = command.optsWithGlobals<CommonOptions>();
  undeleteSession(openStore(options).host, id);
  await report(options, { sessionId: id }, `${id}  is back`);
}

export async function repair(given: string, command: Command): Promise<void> {
  const options = command.optsWithGlobals<SessionOptions>();
  const found = findSession(options, given);
  const result = repairSession(found.store, found.id);
  const { id, damagedFile, damage, keptLines } = result;
  const counts = `${damage.unreadableLines} unreadable, ${damage.duplicateLines} double, ${damage.missingLines} missing`;
  const line =
    damagedFile === undefined
      ? `${id}  nothing to repair (${keptLines} lines, ${damage.missingLines} missing)`
      : `${id}  repaired: ${keptLines} lines kept; ${counts}; the damaged file is ${damagedFile}`;
  await report(options, { ...result, damagedFile: damagedFile ?? null }, line);
}
