import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readIdentity, currentBootId, isAlive } from '../../../processes/identity.ts';
import { namesIn } from './transcriptFiles.ts';
import { parseTranscriptLine, textOf, type TranscriptLine } from './transcriptLine.ts';

/** A running Claude Code, and the session that it has now. */
export interface LiveSession {
  readonly pid: number;
  readonly sessionId: string;
  readonly cwd: string | undefined;
  /** `idle`, `busy`, `waiting`, `shell`; none from one that was started with a prompt. */
  readonly status: string | undefined;
  /** What the user has to do, such as "permission prompt". */
  readonly waitingFor: string | undefined;
  /** `interactive`, `bg`. */
  readonly kind: string | undefined;
  readonly name: string | undefined;
}

/** Every session that a process has open, by Claude Code's own list of its processes. */
export function listLiveSessions(claudeDirectory: string): LiveSession[] {
  const directory = path.join(claudeDirectory, 'sessions');
  return namesIn(directory).flatMap((name) => {
    const pid = /^(\d+)\.json$/.exec(name)?.[1];
    return pid === undefined ? [] : (readLiveSession(claudeDirectory, Number(pid)) ?? []);
  });
}

/** The session that one process has open now. */
export function readLiveSession(
  claudeDirectory: string,
  processId: number,
): LiveSession | undefined {
  const record = readRecord(liveSessionFile(claudeDirectory, processId));
  const sessionId = textOf(record, 'sessionId');
  const pid = record?.['pid'];
  if (record === undefined || sessionId === undefined || typeof pid !== 'number') return undefined;
  if (!isRunning(pid, textOf(record, 'procStart'))) return undefined;
  const field = (key: string): string | undefined => textOf(record, key);
  const [cwd, status, waitingFor] = [field('cwd'), field('status'), field('waitingFor')];
  return { pid, sessionId, cwd, status, waitingFor, kind: field('kind'), name: field('name') };
}

export function liveSessionFile(claudeDirectory: string, pid: number): string {
  return path.join(claudeDirectory, 'sessions', `${pid}.json`);
}

/** One that was killed leaves its record behind, and its pid may be another process's by now. */
function isRunning(pid: number, startTime: string | undefined): boolean {
  // Only on Linux is it known to be written as we write it.
  if (startTime === undefined || process.platform !== 'linux')
    return readIdentity(pid) !== undefined;
  return isAlive({ pid, startTime, bootId: currentBootId() });
}

function readRecord(file: string): TranscriptLine | undefined {
  try {
    return parseTranscriptLine(readFileSync(file));
  } catch {
    return undefined;
  }
}
