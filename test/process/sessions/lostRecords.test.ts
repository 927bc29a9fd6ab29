import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { describe, it } from 'node:test';
import { silentLog } from '../../../src/core/common/log.ts';
import { createSession } from '../../../src/core/sessions/createSession.ts';
import { deleteSession, undeleteSession } from '../../../src/core/sessions/deleteSession.ts';
import { pinSession } from '../../../src/core/sessions/sessionEdits.ts';
import { listSessionIds, sessionFilesOf } from '../../../src/core/sessions/sessionFiles.ts';
import type { SessionHost } from '../../../src/core/sessions/sessionHost.ts';
import { SessionStore } from '../../../src/core/sessions/sessionStore.ts';
import { journalTask } from '../../../src/core/sessions/sessionTasks.ts';
import type { TaskHost } from '../../../src/core/tasks/taskHost.ts';
import { keepRecords, recordedSessions } from '../../../src/vscode/sessions/recordKeeper.ts';
import { SessionFeed } from '../../../src/vscode/sessions/sessionFeed.ts';
import { StoredSessions } from '../../../src/vscode/sessions/storedSessions.ts';
import { DAY_MS } from '../../support/sessions.ts';
import { createTaskHost, start } from '../../support/taskHost.ts';
import type { Cleanup } from '../../support/tempDir.ts';
import { waitFor } from '../../support/waitFor.ts';

/** A month and more ago. */
function early(host: TaskHost): SessionHost {
  return { ...host, clock: { now: () => Date.now() - 40 * DAY_MS } };
}

/** Keeps the records of all sessions as a window does, then has their journals vanish. */
async function loseAll(test: Cleanup, host: TaskHost): Promise<SessionFeed> {
  const store = new SessionStore(host);
  const values = new Map<string, unknown>();
  const memento = {
    get: (key: string): unknown => values.get(key),
    update: (key: string, value: unknown): Promise<void> => {
      values.set(key, structuredClone(value));
      return Promise.resolve();
    },
  };
  const options = { log: silentLog, now: () => host.clock.now() };
  const stored = new StoredSessions(memento, host.workspace.folder, options);
  const feed = new SessionFeed(
    store,
    recordedSessions(stored, store, () => 30),
  );
  const keeper = keepRecords(feed, store, stored);
  test.after(() => {
    for (const each of [keeper, feed, stored]) each.dispose();
    return Promise.resolve();
  });
  const ids = listSessionIds(host.workspace);
  await waitFor(() => stored.workspace?.records.length === ids.length, {
    describe: 'the records of all sessions',
  });
  for (const id of ids) rmSync(sessionFilesOf(host.workspace, id).plain);
  feed.refresh();
  // What was taken for pruned once stays so.
  feed.refresh();
  return feed;
}

const recoverable = (feed: SessionFeed): string[] =>
  feed.sessions.flatMap(({ id, isRecoverable }) => (isRecoverable ? [id] : [])).sort();

describe('the editor’s own copy of a session without a journal', () => {
  it('is kept whatever its age when nothing prunes such a session', async (t) => {
    const host = await createTaskHost(t);
    for (const id of ['old', 'pinned', 'busy', 'restored']) createSession(early(host), { id });
    pinSession(early(host), 'pinned', true);
    journalTask(early(host), 'busy', await start(host, 'exec sleep 600'));
    deleteSession(new SessionStore(host), 'restored');
    undeleteSession(host, 'restored');
    createSession(host, { id: 'young' });
    const feed = await loseAll(t, host);
    assert.deepEqual(recoverable(feed), ['busy', 'pinned', 'restored', 'young']);
  });

  it('goes when the session lies in the trash, pinned or not', async (t) => {
    const host = await createTaskHost(t);
    for (const id of ['young', 'pinned']) createSession(host, { id });
    pinSession(host, 'pinned', true);
    const feed = await loseAll(t, host);
    assert.deepEqual(recoverable(feed), ['pinned', 'young']);
    createSession(host, { id: 'pinned' });
    feed.refresh();
    deleteSession(new SessionStore(host), 'pinned');
    feed.refresh();
    assert.deepEqual(recoverable(feed), ['young']);
  });
});
