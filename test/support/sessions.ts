import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { silentLog } from '../../src/core/common/log.ts';
import { createSession } from '../../src/core/sessions/createSession.ts';
import { Journal } from '../../src/core/sessions/journal.ts';
import type { NewLine } from '../../src/core/sessions/journalLines.ts';
import { sessionFilesOf, type SessionFiles } from '../../src/core/sessions/sessionFiles.ts';
import type { SessionHost } from '../../src/core/sessions/sessionHost.ts';
import { SessionStore } from '../../src/core/sessions/sessionStore.ts';
import { workspaceOf } from '../../src/core/store/workspace.ts';
import { tempDir, type Cleanup } from './tempDir.ts';

export const START_MS = Date.parse('2026-01-02T03:04:05.000Z');
export const DAY_MS = 24 * 60 * 60 * 1000;

/** A store of sessions in a directory of its own, whose clock stands still unless it is moved. */
export interface TestSessions {
  readonly host: SessionHost;
  readonly store: SessionStore;
  readonly folder: string;
  readonly clock: { nowMs: number };
  files(id: string): SessionFiles;
  /** The text of a plain journal. */
  text(id: string): string;
  /** Puts bytes in the place of a journal. */
  overwrite(id: string, bytes: Uint8Array | string): void;
}

export async function createSessions(test: Cleanup): Promise<TestSessions> {
  const root = await tempDir(test);
  return openSessions(path.join(root, 'home'), path.join(root, 'project'));
}

export function openSessions(home: string, folder: string): TestSessions {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  mkdirSync(folder, { recursive: true });
  const clock = { nowMs: START_MS };
  const host: SessionHost = {
    workspace: workspaceOf(home, folder),
    face: 'test',
    clock: { now: () => clock.nowMs },
    log: silentLog,
  };
  const files = (id: string): SessionFiles => sessionFilesOf(host.workspace, id);
  return {
    host,
    store: new SessionStore(host),
    folder: host.workspace.folder,
    clock,
    files,
    text: (id) => readFileSync(files(id).plain, 'utf8'),
    overwrite: (id, bytes) => {
      writeFileSync(files(id).plain, bytes);
    },
  };
}

/** Begins a session and writes these lines into it. */
export function createWith(
  sessions: TestSessions,
  id: string,
  lines: readonly NewLine[] = [],
): Journal {
  createSession(sessions.host, { id });
  const journal = new Journal(sessions.host, id);
  for (const line of lines) journal.append(line);
  return journal;
}

export function userMessage(text: string): NewLine {
  return { type: 'message', role: 'user', parts: [{ type: 'text', text }] };
}
