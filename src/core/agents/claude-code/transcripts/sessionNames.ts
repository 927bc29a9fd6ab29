import { mkdirSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import {
  createFileSync,
  PRIVATE_DIRECTORY_MODE,
  storeError,
  writeFileAtomicSync,
} from '../../../common/atomicFile.ts';
import { HoldfastError } from '../../../common/errors.ts';
import { readJsonSync } from '../../../common/jsonFile.ts';
import { requireSessionId } from '../../../sessions/sessionId.ts';
import { projectSlug } from './claudeDirectory.ts';
import { guardDirectory } from './mirror.ts';

const nameSchema = v.looseObject({ v: v.literal(1), sessionId: v.string() });

/**
 * Keeps which session a name stands for in a folder: Claude Code itself takes UUIDs only. The first of several who
 * choose the same name has it.
 * @throws HoldfastError `session.idInvalid`, `claude.nameTaken`, `disk.full`, `home.notWritable`.
 */
export function keepSessionName(home: string, folder: string, name: string, id: string): void {
  requireSessionId(name);
  const file = nameFile(home, folder, name);
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
  } catch (error) {
    throw storeError(`creating the directory ${path.dirname(file)}`, error);
  }
  const text = `${JSON.stringify({ v: 1, sessionId: id })}\n`;
  if (createFileSync(file, text)) return;
  if (sessionOfName(home, folder, name) !== undefined) {
    throw new HoldfastError('claude.nameTaken', `there is a session named ${name}`, {
      data: { name },
    });
  }
  // Cut off by a crash: nobody has it.
  writeFileAtomicSync(file, text);
}

/** The session that a name stands for in a folder. */
export function sessionOfName(home: string, folder: string, name: string): string | undefined {
  if (path.basename(name) !== name) return undefined;
  const read = readJsonSync(nameFile(home, folder, name), nameSchema);
  return read.kind === 'ok' ? read.value.sessionId : undefined;
}

function nameFile(home: string, folder: string, name: string): string {
  return path.join(guardDirectory(home), 'names', projectSlug(folder), `${name}.json`);
}
