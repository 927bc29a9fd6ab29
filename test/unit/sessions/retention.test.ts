import assert from 'node:assert/strict';
import { utimesSync } from 'node:fs';
import { describe, it } from 'node:test';
import { compressJournal } from '../../../src/core/sessions/compressJournal.ts';
import { HoldfastError } from '../../../src/core/common/errors.ts';
import {
  deleteSession,
  listTrash,
  sweepTrash,
  undeleteSession,
} from '../../../src/core/sessions/deleteSession.ts';
import { pruneSessions } from '../../../src/core/sessions/pruneSessions.ts';
import { pinSession, renameSession } from '../../../src/core/sessions/sessionEdits.ts';
import { takeSessionLease } from '../../../src/core/sessions/sessionLease.ts';
import { SessionStore } from '../../../src/core/sessions/sessionStore.ts';
import { createSessions, createWith, DAY_MS, userMessage } from '../../support/sessions.ts';

const idsOf = (sessions: readonly { id: string }[]): string[] => sessions.map(({ id }) => id);

describe('pruneSessions', () => {
  it('moves old sessions to the trash, but none that is pinned or open', async (t) => {
    const sessions = await createSessions(t);
    for (const id of ['old', 'pinned', 'open']) createWith(sessions, id, [userMessage('x')]);
    pinSession(sessions.host, 'pinned', true);
    const lease = takeSessionLease(sessions.host, 'open');
    sessions.clock.nowMs += 31 * DAY_MS;
    createWith(sessions, 'young', [userMessage('x')]);
    const preview = pruneSessions(sessions.store, { isDryRun: true });
    assert.deepEqual(
      preview.map(({ id }) => id),
      ['old'],
    );
    assert.equal(sessions.store.list().sessions.length, 4);
    pruneSessions(sessions.store);
    const left = sessions.store.list().sessions.map(({ id }) => id);
    assert.deepEqual(left.sort(), ['open', 'pinned', 'young']);
    assert.deepEqual(
      listTrash(sessions.host).map(({ id }) => id),
      ['old'],
    );
    if (lease.kind === 'taken') lease.lease.dispose();
  });

  it('goes by the last work on a session, not by renaming it', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'old', [userMessage('x')]);
    sessions.clock.nowMs += 31 * DAY_MS;
    renameSession(sessions.host, 'old', 'new name');
    assert.equal(pruneSessions(sessions.store, { isDryRun: true }).length, 1);
    assert.equal(pruneSessions(sessions.store, { isDryRun: true, maxAgeDays: 40 }).length, 0);
  });

  for (const [kind, pack] of [
    ['plain', (): void => undefined],
    ['compressed', compressJournal],
  ] as const) {
    it(`leaves a ${kind} one that somebody had back as long as if it had been worked on then`, async (t) => {
      const sessions = await createSessions(t);
      createWith(sessions, 'old', [userMessage('x')]);
      pack(sessions.files('old'));
      sessions.clock.nowMs += 31 * DAY_MS;
      createWith(sessions, 'young', [userMessage('x')]);
      const before = sessions.store.record('old', { withMessages: true });
      assert.deepEqual(idsOf(pruneSessions(sessions.store)), ['old']);
      undeleteSession(sessions.host, 'old');
      assert.deepEqual(sessions.store.record('old', { withMessages: true }), before);
      sessions.clock.nowMs += DAY_MS;
      assert.deepEqual(pruneSessions(sessions.store), []);
      const listed = sessions.store.list().sessions;
      assert.deepEqual(idsOf(listed), ['young', 'old'], 'it is not the one to continue');
      assert.deepEqual(new SessionStore(sessions.host).list().sessions, listed);
      sessions.clock.nowMs += 30 * DAY_MS;
      assert.deepEqual(idsOf(pruneSessions(sessions.store)).sort(), ['old', 'young']);
    });
  }

  it('leaves one that somebody had back although nothing of it can be read', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'garbled');
    const garbage = Buffer.alloc(512, 'x');
    sessions.overwrite('garbled', garbage);
    const { plain } = sessions.files('garbled');
    const startSec = sessions.clock.nowMs / 1000;
    utimesSync(plain, startSec, startSec);
    sessions.clock.nowMs += 31 * DAY_MS;
    assert.deepEqual(idsOf(pruneSessions(sessions.store)), ['garbled']);
    undeleteSession(sessions.host, 'garbled');
    assert.deepEqual(pruneSessions(sessions.store), []);
    assert.equal(sessions.text('garbled'), garbage.toString(), 'and is as it was');
  });
});

describe('deleteSession', () => {
  it('can be taken back for a week', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 's', [userMessage('x')]);
    deleteSession(sessions.store, 's');
    assert.deepEqual(sessions.store.list().sessions, []);
    undeleteSession(sessions.host, 's');
    assert.equal(sessions.store.record('s').messageCount, 1);
    deleteSession(sessions.store, 's');
    sessions.clock.nowMs += 8 * DAY_MS;
    assert.equal(sweepTrash(sessions.host).length, 1);
    assert.throws(
      () => {
        undeleteSession(sessions.host, 's');
      },
      (error) => HoldfastError.is(error, 'session.notFound'),
    );
  });

  it('does not come back over another session of its id', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 's', [userMessage('one')]);
    deleteSession(sessions.store, 's');
    createWith(sessions, 's', [userMessage('two')]);
    assert.throws(
      () => {
        undeleteSession(sessions.host, 's');
      },
      (error) => HoldfastError.is(error, 'session.idTaken'),
    );
    assert.equal(listTrash(sessions.host).length, 1);
  });
});
