import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { HoldfastError } from '../../../src/core/common/errors.ts';
import { continueSession } from '../../../src/core/sessions/resumeSession.ts';
import { Journal } from '../../../src/core/sessions/journal.ts';
import { indexFileOf } from '../../../src/core/sessions/sessionIndexFile.ts';
import { SessionStore } from '../../../src/core/sessions/sessionStore.ts';
import { createSessions, createWith, DAY_MS, userMessage } from '../../support/sessions.ts';

describe('SessionStore', () => {
  it('lists sessions by their last event, whatever the times of their files', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'old', [userMessage('first')]);
    sessions.clock.nowMs += DAY_MS;
    createWith(sessions, 'young', [userMessage('second')]);
    new Journal(sessions.host, 'old').append({ type: 'title', title: 'touched', by: 'user' });
    const { sessions: listed } = sessions.store.list();
    assert.deepEqual(
      listed.map(({ id, title, firstPrompt }) => [id, title, firstPrompt]),
      [
        ['young', undefined, 'second'],
        ['old', 'touched', 'first'],
      ],
    );
  });

  it('has nothing to list, and makes nothing, where there is no store', async (t) => {
    const sessions = await createSessions(t);
    assert.deepEqual(sessions.store.list(), { sessions: [], pendingCount: 0 });
  });

  it('says the same with the index, with a stale one, without it and with a corrupt one', async (t) => {
    const sessions = await createSessions(t);
    for (let n = 0; n < 30; n += 1) createWith(sessions, `s${String(n)}`, [userMessage(String(n))]);
    new Journal(sessions.host, 's7').append({ type: 'restored', by: 'test' });
    const first = sessions.store.list();
    const file = indexFileOf(sessions.host.workspace);
    const text = readFileSync(file, 'utf8');
    const again = (): unknown => new SessionStore(sessions.host).list();
    assert.deepEqual(again(), first);
    for (const corrupt of ['', 'null', '{"version":3,"entries":[1,null,["x"]]}']) {
      writeFileSync(file, corrupt);
      assert.deepEqual(again(), first);
    }
    new Journal(sessions.host, 's3').append(userMessage('more'));
    writeFileSync(file, text);
    const changed = new SessionStore(sessions.host).list().sessions.find(({ id }) => id === 's3');
    assert.equal(changed?.messageCount, 2);
  });

  it('answers in the time that is given, and goes on with the next call', async (t) => {
    const sessions = await createSessions(t);
    for (let n = 0; n < 25; n += 1) createWith(sessions, `s${String(n)}`, [userMessage('x')]);
    const first = sessions.store.list({ budgetMs: 0 });
    assert.equal(first.sessions.length, 25);
    assert.equal(first.pendingCount, 20);
    assert.equal(first.sessions.filter(({ messageCount }) => messageCount === 1).length, 5);
    const second = sessions.store.list();
    assert.equal(second.pendingCount, 0);
    assert.ok(second.sessions.every(({ messageCount }) => messageCount === 1));
  });

  it('gets through all of them in steps, however long a look at them takes', async (t) => {
    const sessions = await createSessions(t);
    for (let n = 0; n < 300; n += 1) createWith(sessions, `s${String(n)}`);
    const store = new SessionStore(sessions.host);
    // Shorter than the look that each step would begin with.
    let steps = 1;
    for (; store.list({ budgetMs: 0 }).pendingCount > 0; steps += 1) {
      assert.ok(steps < 100, 'it does not get on');
      // What comes meanwhile, into one that was read already or as a new one, is seen in the end.
      new Journal(sessions.host, 's299').append(userMessage('x'));
      if (steps === 1) createWith(sessions, 'late');
    }
    const { sessions: listed } = store.list({ budgetMs: 0 });
    assert.equal(listed.length, 301);
    assert.ok(listed.every(({ version }) => version === 1));
    const messages = sessions.store.fold('s299').state.messageCount;
    assert.equal(listed.find(({ id }) => id === 's299')?.messageCount, messages);
  });

  it('in haste looks at the newest files only, and at all of them with the next call', async (t) => {
    const sessions = await createSessions(t);
    for (let n = 0; n < 230; n += 1) {
      sessions.clock.nowMs += 1000;
      createWith(sessions, `s${String(n)}`);
    }
    sessions.store.list();
    new Journal(sessions.host, 's0').append(userMessage('x'));
    new Journal(sessions.host, 's100').append(userMessage('x'));
    createWith(sessions, 'late', [userMessage('x')]);
    const store = new SessionStore(sessions.host);
    const first = store.list({ budgetMs: 10_000 });
    const countOf = (list: typeof first, id: string): number | undefined =>
      list.sessions.find((session) => session.id === id)?.messageCount;
    assert.equal(first.sessions.length, 231);
    assert.equal(first.pendingCount, 30);
    assert.deepEqual([countOf(first, 's100'), countOf(first, 'late')], [1, 1]);
    const second = store.list({ budgetMs: 10_000 });
    assert.equal(second.pendingCount, 0);
    assert.equal(countOf(second, 's0'), 1);
  });

  it('shows one that cannot be read as damaged, and does not ask for more time for it', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 's');
    mkdirSync(sessions.files('odd').plain);
    const { sessions: listed, pendingCount } = sessions.store.list({ budgetMs: 10_000 });
    assert.equal(pendingCount, 0);
    assert.equal(listed.find(({ id }) => id === 'odd')?.isDamaged, true);
  });

  it('does not let a clock that was wrong keep a session on top', async (t) => {
    const sessions = await createSessions(t);
    const { nowMs } = sessions.clock;
    sessions.clock.nowMs = nowMs + 1000 * DAY_MS;
    createWith(sessions, 'future', [userMessage('x')]);
    sessions.clock.nowMs = nowMs;
    createWith(sessions, 'present', [userMessage('x')]);
    sessions.clock.nowMs += 1000;
    new Journal(sessions.host, 'present').append(userMessage('y'));
    assert.equal(sessions.store.list().sessions[0]?.id, 'future', 'until it is worked on again');
    sessions.clock.nowMs = nowMs + 1;
    assert.equal(sessions.store.list().sessions.length, 2);
  });

  it('knows a session by the beginning of its id, unless several begin so', async (t) => {
    const sessions = await createSessions(t);
    for (const id of ['project-main', 'project-try', 'proj']) createWith(sessions, id);
    assert.equal(sessions.store.resolveId('project-m'), 'project-main');
    assert.equal(sessions.store.resolveId('proj'), 'proj');
    for (const text of ['project', 'pro', 'nothing']) {
      assert.throws(
        () => sessions.store.resolveId(text),
        (error) => HoldfastError.is(error, 'session.notFound'),
      );
    }
  });

  it('continues the session that was last active', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'a', [userMessage('x')]);
    sessions.clock.nowMs += 1000;
    createWith(sessions, 'b', [userMessage('x')]);
    sessions.clock.nowMs += 1000;
    new Journal(sessions.host, 'a').append(userMessage('y'));
    const resumed = continueSession(sessions.store);
    resumed.lease.dispose();
    assert.equal(resumed.summary.sessionId, 'a');
  });

  it('has nothing to continue in a workspace without sessions', async (t) => {
    const sessions = await createSessions(t);
    assert.throws(
      () => continueSession(sessions.store),
      (error) => HoldfastError.is(error, 'session.none'),
    );
  });
});
