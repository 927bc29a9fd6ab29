import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { HoldfastError } from '../common/errors.ts';
import { frameLine, newWriter } from './journal.ts';
import type { NewLine } from './journalLines.ts';
import { publishNew, temporaryName, writeDurableSync } from './replaceJournal.ts';
import {
  ensureSessionsDirectory,
  findJournal,
  sessionFilesOf,
  syncDirectory,
} from './sessionFiles.ts';
import type { SessionHost } from './sessionHost.ts';
import { isUuid, requireSessionId } from './sessionId.ts';

export interface NewSession {
  /** A UUID unless given. */
  readonly id?: string;
  readonly title?: string;
  /** Where its commands run; the workspace's folder unless given. */
  readonly cwd?: string;
}

/**
 * Begins a session and gives its id. Its journal is there whole, header and all, or not at all.
 * @throws HoldfastError `session.idInvalid`, `session.idTaken`, `home.unsafe`, `home.notWritable`, `disk.full`.
 */
export function createSession(host: SessionHost, wanted: NewSession = {}): string {
  const id = requireSessionId(wanted.id ?? randomUUID());
  const { folder } = host.workspace;
  const lines: NewLine[] = [
    {
      type: 'session',
      id,
      workspace: folder,
      cwd: wanted.cwd ?? folder,
      by: host.face,
      ...(isUuid(id) ? {} : { agentSessionId: randomUUID() }),
    },
  ];
  if (wanted.title !== undefined) lines.push({ type: 'title', title: wanted.title, by: 'user' });
  if (!writeNewJournal(host, id, lines)) {
    throw new HoldfastError('session.idTaken', `there is a session ${id} already`, {
      data: { id },
    });
  }
  host.log.info('session.created', { id });
  return id;
}

/** As {@link createSession}, or the session of this id if there is one already. */
export function ensureSession(host: SessionHost, id: string): string {
  if (findJournal(sessionFilesOf(host.workspace, requireSessionId(id))) !== undefined) return id;
  try {
    return createSession(host, { id });
  } catch (error) {
    // Another process was quicker.
    if (HoldfastError.is(error, 'session.idTaken')) return id;
    throw error;
  }
}

/**
 * Writes a journal of these lines unless there is one of this id; says whether it did.
 * @throws HoldfastError `home.unsafe`, `home.notWritable`, `disk.full`.
 */
export function writeNewJournal(
  host: SessionHost,
  id: string,
  lines: Iterable<NewLine & { readonly atMs?: number }>,
): boolean {
  const nowMs = host.clock.now();
  ensureSessionsDirectory(host.workspace, nowMs);
  const files = sessionFilesOf(host.workspace, id);
  if (existsSync(files.compressed)) return false;
  const temporary = temporaryName(files.plain);
  writeDurableSync(temporary, framed(lines, nowMs));
  const isNew = publishNew(temporary, files.plain);
  if (isNew) syncDirectory(files.directory);
  return isNew;
}

function* framed(
  lines: Iterable<NewLine & { readonly atMs?: number }>,
  nowMs: number,
): Generator<Buffer> {
  const writer = newWriter();
  let number = 0;
  for (const { atMs = nowMs, ...line } of lines) {
    number += 1;
    const whole = frameLine(line, { writer, number, nowMs: atMs });
    yield Buffer.from(`${JSON.stringify(whole)}\n`);
  }
}
