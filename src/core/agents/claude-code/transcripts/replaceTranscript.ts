import { linkSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { storeError } from '../../../common/atomicFile.ts';
import { HoldfastError, systemErrorCode } from '../../../common/errors.ts';
import { keepBeside } from '../../../sessions/replaceJournal.ts';
import { syncDirectory } from '../../../sessions/sessionFiles.ts';
import type { GuardHost } from './guardHost.ts';
import { listLiveSessions } from './liveSessions.ts';
import { namesIn } from './transcriptFiles.ts';

const DRAFT = '.holdfast-draft';

/**
 * A transcript that a running Claude Code has open is not replaced: it would go on writing what it remembers.
 * @throws HoldfastError `claude.sessionLive`.
 */
export function requireNotLive(host: Pick<GuardHost, 'claudeDirectory'>, id: string): void {
  const live = listLiveSessions(host.claudeDirectory).find(({ sessionId }) => sessionId === id);
  if (live === undefined) return;
  throw new HoldfastError('claude.sessionLive', `the session ${id} is open in Claude Code`, {
    data: { id, pid: live.pid, status: live.status, waitingFor: live.waitingFor },
  });
}

/** Where the text that is to replace a transcript is written first. What a killed process left there is removed. */
export function draftOf(transcript: string): string {
  const directory = path.dirname(transcript);
  const base = `${path.basename(transcript)}${DRAFT}`;
  for (const name of namesIn(directory)) {
    if (name.startsWith(base)) rmSync(path.join(directory, name), { force: true });
  }
  return path.join(directory, base);
}

/**
 * Puts a draft in the place of a transcript. The present one keeps its bytes, also those that are written to it at this
 * moment, under the name that is given back; Claude Code does not take that for a transcript.
 * @throws HoldfastError `disk.full`, `home.notWritable`.
 */
export function replaceTranscript(
  draft: string,
  transcript: string,
  nowMs: number,
): string | undefined {
  const stamp = new Date(nowMs).toISOString().replaceAll(':', '');
  const aside = `${transcript}.before-${stamp}`;
  let isAside = true;
  try {
    linkSync(transcript, aside);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') isAside = false;
    else keepBeside(transcript, aside);
  }
  try {
    renameSync(draft, transcript);
  } catch (error) {
    throw storeError(`replacing ${transcript}`, error);
  }
  syncDirectory(path.dirname(transcript));
  return isAside ? aside : undefined;
}
