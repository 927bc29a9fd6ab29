import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { HoldfastError, systemErrorCode, unreadable } from '../../core/common/errors.ts';
import { exportMarkdown, exportSession } from '../../core/sessions/exportSession.ts';
import { importSession } from '../../core/sessions/importSession.ts';
import { currentDirectory, type CommonOptions } from '../context.ts';
import { tell, writeJson, writeLine, writeOut } from '../stdio.ts';
import { counted } from './counted.ts';
import { findSession, openStore, type SessionOptions } from './openStore.ts';

/** `show` reads well, `show --json` gives the record. */
export async function show(given: string, command: Command): Promise<void> {
  const options = command.optsWithGlobals<SessionOptions>();
  const { store, id } = findSession(options, given);
  if (options.json) await writeJson(exportSession(store, id));
  else await writeOut(exportMarkdown(store, id));
}

/** The record is what others read: JSON unless Markdown is asked for. */
export async function exportTo(given: string, command: Command): Promise<void> {
  const options = command.optsWithGlobals<SessionOptions & { markdown?: boolean }>();
  const { store, id } = findSession(options, given);
  if (options.markdown) await writeOut(exportMarkdown(store, id));
  else await writeLine(JSON.stringify(exportSession(store, id), undefined, options.json ? 0 : 2));
}

export async function importFrom(file: string, command: Command): Promise<void> {
  const options = command.optsWithGlobals<CommonOptions>();
  const result = importSession(openStore(options).host, readText(file));
  if (options.json) {
    await writeJson({ ...result, sessionId: result.id, idBefore: result.idBefore ?? null });
    return;
  }
  await writeLine(
    `${result.id}  ${counted(result.messageCount, 'message')}, ${counted(result.taskCount, 'task')} (lost)`,
  );
  if (result.idBefore !== undefined) tell(`it has a new id here; it was ${result.idBefore}`);
  if (result.droppedPermissionCount > 0) {
    tell(`not taken over: ${counted(result.droppedPermissionCount, 'approval')}`);
  }
}

/** `-` is stdin. */
function readText(file: string): string {
  const name = file === '-' ? 0 : path.resolve(currentDirectory(), file);
  try {
    return readFileSync(name, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw unreadable(file, error);
    const reason = `there is no file ${file}`;
    throw new HoldfastError('session.importInvalid', reason, { data: { reason }, cause: error });
  }
}
