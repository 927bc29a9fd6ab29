import assert from 'node:assert/strict';
import { existsSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { createSession } from '../../src/core/sessions/createSession.ts';
import { Journal } from '../../src/core/sessions/journal.ts';
import { listSessionIds, sessionFilesOf } from '../../src/core/sessions/sessionFiles.ts';
import { pinSession } from '../../src/core/sessions/sessionEdits.ts';
import { journalTask } from '../../src/core/sessions/sessionTasks.ts';
import { cleanUpDaily, registerSessionUpkeep } from '../../src/vscode/sessions/sessionUpkeep.ts';
import type { SessionWindow } from '../../src/vscode/sessions/sessionWindow.ts';
import { sessionsBeside } from './support/sessionsBeside.ts';
import { TaskWindow } from './support/taskWindow.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('the daily clean-up of sessions', () => {
  let window: TaskWindow;
  let sessions: SessionWindow;

  beforeEach(() => {
    window = new TaskWindow();
    sessions = sessionsBeside(window);
  });

  afterEach(async () => {
    await window.close();
  });

  function beginAt(id: string, daysAgo: number): void {
    const atMs = Date.now() - daysAgo * DAY_MS;
    createSession({ ...window.host, clock: { now: () => atMs } }, { id });
  }

  const ids = (): string[] => listSessionIds(window.host.workspace).sort();
  const mark = (): string => path.join(window.host.workspace.directory, 'sessions-pruned');

  it('takes old sessions away in a process of its own, none that is pinned, open or busy', async () => {
    for (const id of ['old', 'pinned', 'open', 'busy']) beginAt(id, 40);
    beginAt('young', 20);
    pinSession(window.host, 'pinned', true);
    sessions.current.reopen('open');
    const task = await window.start('sleep 600');
    const early = { ...window.host, clock: { now: () => Date.now() - 40 * DAY_MS } };
    journalTask(early, 'busy', task);
    await cleanUpDaily(sessions);
    assert.deepEqual(ids(), ['busy', 'open', 'pinned', 'young']);
    assert.equal(sessions.feed.get('old'), undefined);
  });

  it('compresses what is long and lies still', async () => {
    beginAt('long', 3);
    const journal = new Journal(window.host, 'long');
    const text = 'some words '.repeat(100_000);
    journal.append({ type: 'message', role: 'user', parts: [{ type: 'text', text }] });
    const { plain, compressed } = sessionFilesOf(window.host.workspace, 'long');
    const twoDaysAgo = (Date.now() - 2 * DAY_MS) / 1000;
    utimesSync(plain, twoDaysAgo, twoDaysAgo);
    await cleanUpDaily(sessions);
    assert.equal(existsSync(plain), false);
    assert.ok(existsSync(compressed));
  });

  it('happens once a day for all windows together', async () => {
    await cleanUpDaily(sessions);
    beginAt('old', 40);
    await cleanUpDaily(sessionsBeside(window));
    assert.deepEqual(ids(), ['old']);
    const yesterday = (Date.now() - 1.1 * DAY_MS) / 1000;
    utimesSync(mark(), yesterday, yesterday);
    await cleanUpDaily(sessions);
    assert.deepEqual(ids(), []);
  });

  it('is not on the way of a window that opens', async () => {
    beginAt('old', 40);
    window.disposables.add(registerSessionUpkeep(sessions));
    await sessions.feed.loaded;
    assert.equal(existsSync(mark()), false);
    assert.deepEqual(ids(), ['old']);
  });
});
