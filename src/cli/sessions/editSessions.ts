import type { Command } from 'commander';
import { HoldfastError } from '../../core/common/errors.ts';
import { branchSession } from '../../core/sessions/branchSession.ts';
import { createSession } from '../../core/sessions/createSession.ts';
import { deleteSession, TRASH_DAYS, undeleteSession } from '../../core/sessions/deleteSession.ts';
import { pruneSessions } from '../../core/sessions/pruneSessions.ts';
import { repairSession } from '../../core/sessions/repairSession.ts';
import { pinSession, renameSession } from '../../core/sessions/sessionEdits.ts';
import type { CommonOptions } from '../context.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';
import { writeJson, writeLine } from '../stdio.ts';
import { openStore } from './openStore.ts';
import { summaryJson } from './sessionJson.ts';

/** Prints the result of an act: an object for scripts, or a line for people. */
async function report(options: CommonOptions, json: object, line: string): Promise<void> {
  await (options.json ? writeJson(json) : writeLine(line));
}

export async function newSession(id: string | undefined, command: Command): Promise<void> {
  const options = command.optsWithGlobals<CommonOptions & { title?: string }>();
  const { title } = options;
  const created = createSession(openStore(options).host, {
    ...(id === undefined ? {} : { id }),
    ...(title === undefined ? {} : { title }),
  });
  await report(options, { sessionId: created }, created);
}

export async function rename(given: string, words: string[], command: Command): Promise<void> {
  const options = command.optsWithGlobals<CommonOptions>();
  const store = openStore(options);
  const id = store.resolveId(given);
  if (words.join('').trim() === '') {
    throw new HoldfastError('input.invalid', 'a title needs a letter at least');
  }
  const title = renameSession(store.host, id, words.join(' '));
  await report(options, { sessionId: id, title }, `${id}  ${oneLine(title)}`);
}

export async function pin(given: string, command: Command): Promise<void> {
  const options = command.optsWithGlobals<CommonOptions & { off?: boolean }>();
  const store = openStore(options);
  const id = store.resolveId(given);
  const isPinned = options.off !== true;
  pinSession(store.host, id, isPinned);
  await report(options, { sessionId: id, isPinned }, `${id}  ${isPinned ? '' : 'not '}pinned`);
}

export async function branch(given: string, command: Command): Promise<void> {
  const options = command.optsWithGlobals<CommonOptions & { id?: string }>();
  const store = openStore(options);
  const parent = store.resolveId(given);
  const id = branchSession(store, parent, options.id === undefined ? {} : { id: options.id });
  await report(options, { sessionId: id, parent }, `${id}  branch of ${parent}`);
}

export async function remove(given: string, command: Command): Promise<void> {
  const options = command.optsWithGlobals<CommonOptions>();
  const store = openStore(options);
  const { id } = deleteSession(store, store.resolveId(given));
  const line = `${id}  deleted; for ${TRASH_DAYS} days \`holdfast sessions undelete ${id}\` brings it back`;
  await report(options, { sessionId: id, keptDays: TRASH_DAYS }, line);
}

export async function undelete(id: string, command: Command): Promise<void> {
  const options = command.optsWithGlobals<CommonOptions>();
  undeleteSession(openStore(options).host, id);
  await report(options, { sessionId: id }, `${id}  is back`);
}

export async function repair(given: string, command: Command): Promise<void> {
  const options = command.optsWithGlobals<CommonOptions>();
  const store = openStore(options);
  const result = repairSession(store, store.resolveId(given));
  const { id, damagedFile, damage, keptLines } = result;
  const found = `${damage.unreadableLines} unreadable, ${damage.duplicateLines} double, ${damage.missingLines} missing`;
  const line =
    damagedFile === undefined
      ? `${id}  nothing to repair (${keptLines} lines, ${damage.missingLines} missing)`
      : `${id}  repaired: ${keptLines} lines kept; ${found}; the damaged file is ${damagedFile}`;
  await report(options, { ...result, damagedFile: damagedFile ?? null }, line);
}

export async function prune(command: Command): Promise<void> {
  const options = command.optsWithGlobals<CommonOptions & { dryRun?: boolean; days?: number }>();
  const isDryRun = options.dryRun === true;
  const pruned = pruneSessions(openStore(options), {
    isDryRun,
    ...(options.days === undefined ? {} : { maxAgeDays: options.days }),
  });
  if (options.json) {
    await writeJson({ dryRun: isDryRun, pruned: pruned.map(summaryJson) });
    return;
  }
  if (pruned.length === 0) await writeLine('Nothing to delete.');
  const act = isDryRun ? 'would be deleted' : 'deleted';
  for (const { id, title, firstPrompt } of pruned) {
    await writeLine(`${id}  ${act}  ${oneLine(title ?? firstPrompt ?? '').slice(0, 60)}`);
  }
}
