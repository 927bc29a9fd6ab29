import { statSync } from 'node:fs';
import path from 'node:path';
import { isWithin, mayBelongTo } from './claudeDirectory.ts';
import { detailsOf, newTranscriptState, summaryOf } from './foldTranscript.ts';
import { listLiveSessions, type LiveSession } from './liveSessions.ts';
import { glanceAtTranscript, scanTranscript } from './scanTranscript.ts';
import type { SummaryCache } from './summaryCache.ts';
import { isSameState, listTranscriptFiles, type TranscriptFile } from './transcriptFiles.ts';
import type { TranscriptDetails, TranscriptSummary } from './transcriptSummary.ts';

/** Time that a list may take to look into transcripts that the cache does not know. */
const GLANCE_BUDGET_MS = 100;

/** A session of Claude Code as a list shows it. */
export interface ListedTranscript extends TranscriptSummary {
  readonly file: TranscriptFile;
  /** Of the last line; of the file where no line tells. */
  readonly timeMs: number;
  readonly live: LiveSession | undefined;
  /** The transcript has more than this summary knows: `refreshSummaries` reads it. */
  readonly isStale: boolean;
}

export interface ListScope {
  readonly claudeDirectory: string;
  /** Real path: sessions of this folder and of those below it; of all projects without it. */
  readonly folder?: string | undefined;
}

/**
 * The sessions of Claude Code, the latest active first. Quick, whatever their size: reads the cache, and of those that
 * it does not know the edges of as many as there is time for.
 */
export function listTranscripts(scope: ListScope, cache: SummaryCache): ListedTranscript[] {
  const live = new Map(
    listLiveSessions(scope.claudeDirectory).map((session) => [session.sessionId, session]),
  );
  const files = filesOf(scope).sort((a, b) => b.mtimeMs - a.mtimeMs);
  const deadlineMs = performance.now() + GLANCE_BUDGET_MS;
  const listed = files.map((file): ListedTranscript => {
    const known = cache.summaryFor(file.path);
    const summary = known?.summary ?? glance(file, performance.now() < deadlineMs);
    const isStale = known === undefined || !isSameState(known.file, file);
    const timeMs = summary.lastActiveMs ?? file.mtimeMs;
    return { ...summary, file, timeMs, live: live.get(file.id), isStale };
  });
  return listed.filter((session) => isInScope(session, scope)).sort((a, b) => b.timeMs - a.timeMs);
}

/**
 * Brings the cache up to date with what was written since, and saves it. Takes its time where much has changed: not on
 * the editor's thread. @throws HoldfastError `disk.full`, `home.notWritable`.
 */
export function refreshSummaries(scope: ListScope, cache: SummaryCache): void {
  for (const file of filesOf(scope)) {
    const known = cache.summaryFor(file.path);
    if (known !== undefined && isSameState(known.file, file)) continue;
    cache.put(scanTranscript(file, cache.scanOf(file.path)));
  }
  cache.save((transcript) => statSync(transcript, { throwIfNoEntry: false }) !== undefined);
}

/** The files and tasks of one session; reads what the cache does not know yet. */
export function readTranscriptDetails(
  file: TranscriptFile,
  cache: SummaryCache,
): TranscriptDetails {
  const known = cache.scanOf(file.path);
  const isCurrent = known !== undefined && isSameState(known.file, file);
  return detailsOf((isCurrent ? known : scanTranscript(file, known)).state);
}

function filesOf({ claudeDirectory, folder }: ListScope): TranscriptFile[] {
  return listTranscriptFiles(
    claudeDirectory,
    (slug) => folder === undefined || mayBelongTo(slug, folder),
  );
}

/** Several directories may share a project's folder: the session's own directory decides, where it is known. */
function isInScope({ cwd, file }: ListedTranscript, { folder }: ListScope): boolean {
  if (folder === undefined) return true;
  return cwd === undefined ? mayBelongTo(file.slug, folder) : isWithin(path.resolve(cwd), folder);
}

function glance(file: TranscriptFile, hasTime: boolean): TranscriptSummary {
  return summaryOf(hasTime ? glanceAtTranscript(file) : newTranscriptState(file.id, file.slug));
}
