import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { HoldfastError } from '../../../src/core/common/errors.ts';
import { compressJournal } from '../../../src/core/sessions/compressJournal.ts';
import { compressSessions } from '../../../src/core/sessions/compressSessions.ts';
import { createSession, ensureSession } from '../../../src/core/sessions/createSession.ts';
import { foldJournal } from '../../../src/core/sessions/foldJournal.ts';
import { Journal } from '../../../src/core/sessions/journal.ts';
import { readMessages } from '../../../src/core/sessions/readMessages.ts';
import { findJournal } from '../../../src/core/sessions/sessionFiles.ts';
import { sweepLeftovers } from '../../../src/core/sessions/sweepLeftovers.ts';
import { createSessions, createWith, DAY_MS, userMessage } from '../../support/sessions.ts';

describe('Journal', () => {
  it('writes one line of JSON for each, with its writer and number', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 's', [userMessage('a\nb'), { type: 'pin', isPinned: true }]);
    const lines = sessions.text('s').trimEnd().split('\n');
    const [header, first, second] = lines.map(
      (line) => JSON.parse(line) as Record<string, unknown>,
    );
    assert.equal(header?.['type'], 'session');
    assert.deepEqual([first?.['n'], second?.['n']], [1, 2]);
    assert.equal(first?.['w'], second?.['w']);
    assert.equal(first?.['t'], '2026-01-02T03:04:05.000Z');
    assert.equal(statSync(sessions.files('s').plain).mode & 0o777, 0o600);
  });

  it('never writes a value that looks secret', async (t) => {
    const sessions = await createSessions(t);
    const journal = createWith(sessions, 's');
    journal.appendEnvironment({ API_TOKEN: 'hunter2', EDITOR: 'vi', CI: undefined });
    journal.append({ type: 'env', set: { DB_PASSWORD: 'hunter2' } });
    assert.equal(sessions.text('s').includes('hunter2'), false);
    const { state } = foldJournal(sessions.files('s'));
    assert.deepEqual([...state.secretNames], ['API_TOKEN', 'DB_PASSWORD']);
    assert.deepEqual(
      [...state.environment],
      [
        ['EDITOR', 'vi'],
        ['CI', null],
      ],
    );
  });

  it('does not make a session by writing into one that is not there', async (t) => {
    const sessions = await createSessions(t);
    const journal = new Journal(sessions.host, 'nobody');
    assert.throws(
      () => {
        journal.append(userMessage('a'));
      },
      (error) => HoldfastError.is(error, 'session.notFound'),
    );
  });

  it('closes a line that another writer has left without its end', async (t) => {
    const sessions = await createSessions(t);
    const journal = createWith(sessions, 's', [userMessage('a')]);
    sessions.overwrite('s', `${sessions.text('s')}{"v":1,"w":"torn`);
    journal.append(userMessage('b'));
    assert.equal(readMessages(sessions.files('s')).length, 2);
  });

  it('keeps a session id for the one who was first', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 's', [userMessage('a')]);
    assert.throws(
      () => createSession(sessions.host, { id: 's' }),
      (error) => HoldfastError.is(error, 'session.idTaken'),
    );
    assert.equal(ensureSession(sessions.host, 's'), 's');
    assert.equal(readMessages(sessions.files('s')).length, 1);
  });
});

describe('a compressed journal', () => {
  it('reads as before, and is plain again once somebody writes', async (t) => {
    const sessions = await createSessions(t);
    const journal = createWith(sessions, 's', [userMessage('a'), userMessage('b')]);
    const files = sessions.files('s');
    const before = foldJournal(files).state;
    compressJournal(files);
    assert.equal(findJournal(files)?.isCompressed, true);
    assert.deepEqual(foldJournal(files).state, before);
    assert.equal(readMessages(files).length, 2);
    journal.append(userMessage('c'));
    assert.equal(findJournal(files)?.isCompressed, false);
    assert.equal(statSync(files.compressed, { throwIfNoEntry: false }), undefined);
    assert.equal(readMessages(files).length, 3);
  });

  it('is whole at every step that a crash may leave', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 's', [userMessage('a')]);
    const files = sessions.files('s');
    const plain = sessions.text('s');
    compressJournal(files);
    // Both are there: before the plain one was removed, or before the compressed one was.
    writeFileSync(files.plain, plain);
    assert.equal(readMessages(files).length, 1);
    new Journal(sessions.host, 's').append(userMessage('b'));
    assert.equal(readMessages(files).length, 2);
    assert.equal(sessions.store.list().sessions.length, 1);
  });

  it('gives back what another process wrote into the plain one at the last moment', async (t) => {
    const sessions = await createSessions(t);
    const journal = createWith(sessions, 's', [userMessage('a')]);
    const files = sessions.files('s');
    const early = readFileSync(files.plain);
    journal.append(userMessage('late'));
    const late = readFileSync(files.plain);
    writeFileSync(files.plain, early);
    compressJournal(files);
    const leftover = `${files.plain}.0123456789ab.replaced`;
    writeFileSync(leftover, late);
    sessions.clock.nowMs = Date.now() + DAY_MS;
    sweepLeftovers(sessions.host);
    const { state } = foldJournal(files);
    assert.equal(state.messageCount, 2);
    assert.equal(state.damage.duplicateLines, 0);
    assert.equal(statSync(leftover, { throwIfNoEntry: false }), undefined);
  });

  it('is made only of long ones that were left alone for a day', async (t) => {
    const sessions = await createSessions(t);
    const long = 'x'.repeat(2000);
    for (const id of ['old', 'fresh', 'short']) {
      createWith(sessions, id, [userMessage(id === 'short' ? 'x' : long)]);
    }
    sessions.clock.nowMs = Date.now();
    for (const id of ['old', 'short']) {
      const time = (Date.now() - 2 * DAY_MS) / 1000;
      utimesSync(sessions.files(id).plain, time, time);
    }
    assert.deepEqual(compressSessions(sessions.host, { minBytes: 1000 }), ['old']);
  });

  it('gives back the members that are whole when one is damaged', async (t) => {
    const sessions = await createSessions(t);
    // Three members of 4 MiB: what does not compress takes as much room as before.
    const lines = Array.from({ length: 10 }, (_, index) =>
      userMessage(`${String(index)} ${randomBytes(1_000_000).toString('base64')}`),
    );
    createWith(sessions, 's', lines);
    const files = sessions.files('s');
    compressJournal(files);
    const packed = readFileSync(files.compressed);
    const middle = Math.floor(packed.length / 2);
    packed.fill(0x55, middle, middle + 50);
    writeFileSync(files.compressed, packed);
    const count = readMessages(files).length;
    assert.ok(count >= 4 && count < 10, `${String(count)} of 10`);
    new Journal(sessions.host, 's').append(userMessage('on'));
    assert.equal(readMessages(files).length, count + 1);
  });

  it('loses no line to a writer who had the journal open when it was replaced', async (t) => {
    const sessions = await createSessions(t);
    const journal = createWith(sessions, 's', [userMessage('a')]);
    const files = sessions.files('s');
    renameSync(files.plain, `${files.plain}.gone`);
    assert.throws(
      () => {
        journal.append(userMessage('b'));
      },
      (error) => HoldfastError.is(error, 'session.notFound'),
    );
    renameSync(`${files.plain}.gone`, files.plain);
    journal.append(userMessage('b'));
    assert.equal(foldJournal(files).state.damage.missingLines, 0);
  });
});
