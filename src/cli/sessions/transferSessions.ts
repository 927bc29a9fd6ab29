import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { unreadable } from '../../core/common/errors.ts';
import { exportMarkdown, exportSession } from '../../core/sessions/exportSession.ts';
import { importSession } from '../../core/sessions/importSession.ts';
import { currentDirectory, type CommonOptions } from '../context.ts';
import { tell, writeJson, writeLine, writeOut } from '../stdio.ts';
import { openStore } from './openStore.ts';

/** `show` reads well, `show --json` gives the record. */
export async function show(given: string, command: Command): Promise<void> {
  const options = command.optsWithGlobals<CommonOptions>();
  const store = openStore(options);
  const id = store.resolveId(given);
  if (options.json) await writeJson(exportSession(store, id));
  else await writeOut(exportMarkdown(store, id));
}

/** The record is what others read: JSON unless Markdown is asked for. */
export async function exportTo(given: string, command: Command): Promise<void> {
  const options = command.optsWithGlobals<CommonOptions & { markdown?: boolean }>();
  const store = openStore(options);
  const id = store.resolveId(given);
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
    `${result.id}  ${result.messageCount} messages, ${result.taskCount} tasks (lost)`,
  );
  if (result.idBefore !== undefined) tell(`it has a new id here; it was ${result.idBefore}`);
  if (result.droppedPermissionCount > 0) {
    tell(`its ${result.droppedPermissionCount} approvals were not taken over`);
  }
}

/** `-` is stdin. */
function readText(file: string): string {
  const name = file === '-' ? 0 : path.resolve(currentDirectory(), file);
  try {
    return readFileSync(name, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}
