import { writeFileSync } from 'node:fs';
import { silentLog, type Log, type LogFields } from '../../src/core/common/log.ts';
import { frameLine } from '../../src/core/sessions/journal.ts';
import { ensureSessionsDirectory } from '../../src/core/sessions/sessionFiles.ts';
import type { NewLine } from '../../src/core/sessions/journalLines.ts';
import { Answerer } from '../../src/core/search/answerer.ts';
import { parseQuery } from '../../src/core/search/query.ts';
import { refreshIndex, type RefreshResult } from '../../src/core/search/refreshIndex.ts';
import { scanSessions } from '../../src/core/search/scanSessions.ts';
import type { SearchHit } from '../../src/core/search/searchHit.ts';
import { journalSource } from '../../src/core/search/journalSource.ts';
import type { TextSource } from '../../src/core/search/textSource.ts';
import { userMessage, type TestSessions } from './sessions.ts';

const LIMIT = 50;
const all = { limit: LIMIT, workspace: undefined };

/** Not the transcripts of whoever runs the tests. */
function sourcesOf(home: string): readonly TextSource[] {
  return [journalSource(home)];
}

/** What the journals themselves answer. */
export function scan(home: string, text: string, options = all): readonly SearchHit[] {
  const sources = sourcesOf(home);
  const rest = { sources, log: silentLog, shouldStop: () => false };
  return scanSessions(parseQuery(text), { ...options, ...rest }).hits;
}

/** What the index answers, as it is. */
export function searchIndexOf(
  home: string,
  text: string,
  options = all,
  log: Log = failingLog,
): readonly SearchHit[] {
  const answerer = new Answerer(home, sourcesOf(home), log);
  try {
    return answerer.search(text, options).hits;
  } finally {
    answerer.close();
  }
}

export function refresh(home: string, log: Log = failingLog): Promise<RefreshResult> {
  return refreshIndex({ home, sources: sourcesOf(home), log });
}

export function homeOf({ host }: TestSessions): string {
  return host.workspace.home;
}

export function idsOf(hits: readonly SearchHit[]): string[] {
  return hits.map(({ sessionId }) => sessionId);
}

/** A hit with its matches between brackets. */
export function marked({ snippet, ranges }: SearchHit): string {
  let text = '';
  let end = 0;
  for (const range of ranges) {
    text += `${snippet.slice(end, range.start)}[${snippet.slice(range.start, range.end)}]`;
    end = range.end;
  }
  return text + snippet.slice(end);
}

export function toolResult(output: unknown): NewLine {
  return { type: 'message', role: 'tool', parts: [{ type: 'tool-result', id: 'call', output }] };
}

/** A session with these messages, written at once: the journal itself waits for the disk after each. */
export function writeSession(sessions: TestSessions, id: string, texts: string[]): void {
  const { host } = sessions;
  const nowMs = host.clock.now();
  ensureSessionsDirectory(host.workspace, nowMs);
  const lines = [
    { type: 'session', id, workspace: host.workspace.folder } as const,
    ...texts.map(userMessage),
  ];
  const text = lines
    .map((line, index) => frameLine(line, { writer: 'test', number: index + 1, nowMs }))
    .map((line) => `${JSON.stringify(line)}\n`);
  writeFileSync(sessions.files(id).plain, text.join(''));
}

/** The scan stands in for an index that fails, and would answer as well: a test must notice. */
const fail = (event: string, fields: LogFields = {}): never => {
  throw new Error(`${event} ${JSON.stringify(fields)}`, { cause: fields['error'] });
};
const failingLog: Log = { ...silentLog, warn: fail, error: fail };
