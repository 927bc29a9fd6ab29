import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HoldfastError } from '../../../src/core/common/errors.ts';
import { branchSession } from '../../../src/core/sessions/branchSession.ts';
import { compressJournal } from '../../../src/core/sessions/compressJournal.ts';
import { Journal } from '../../../src/core/sessions/journal.ts';
import { readMessages } from '../../../src/core/sessions/readMessages.ts';
import { createSessions, createWith, userMessage } from '../../support/sessions.ts';

describe('branchSession', () => {
  it('copies the past; both go on without touching each other', async (t) => {
    const sessions = await createSessions(t);
    const parent = createWith(sessions, 'main', [
      userMessage('a'),
      { type: 'pin', isPinned: true },
      { type: 'task', id: 'bash_1', command: 'npm run dev' },
      { type: 'output-read', task: 'bash_1', reader: 'r', offset: 7 },
    ]);
    sessions.clock.nowMs += 1000;
    assert.equal(branchSession(sessions.store, 'main', { id: 'try' }), 'try');
    parent.append(userMessage('b'));
    const child = new Journal(sessions.host, 'try');
    child.append(userMessage('c'));
    child.append(userMessage('d'));
    const main = sessions.store.record('main', { withMessages: true });
    const copy = sessions.store.record('try', { withMessages: true });
    assert.deepEqual([main.messageCount, copy.messageCount], [2, 3]);
    assert.deepEqual([main.branches, copy.parent], [['try'], 'main']);
    assert.deepEqual([main.parent, copy.branches], [null, []]);
    assert.equal(copy.backgroundTasks['bash_1']?.outputPosition, 7);
    assert.deepEqual([main.isPinned, copy.isPinned], [true, false]);
    assert.equal(copy.damage.missingLines + copy.damage.duplicateLines, 0);
  });

  it('can be of a branch, of a compressed session, and of its first part', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'main', [userMessage('a'), userMessage('b')]);
    const [first] = readMessages(sessions.files('main'));
    branchSession(sessions.store, 'main', { id: 'one', upToOffset: first?.endOffset ?? 0 });
    compressJournal(sessions.files('one'));
    branchSession(sessions.store, 'one', { id: 'two' });
    const record = sessions.store.record('two');
    assert.deepEqual([record.parent, record.messageCount], ['one', 1]);
    assert.deepEqual(sessions.store.record('main').branches, ['one']);
    assert.deepEqual(sessions.store.record('one').branches, ['two']);
  });

  it('leaves out a line that its writer had not finished; the parent keeps it', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'main', [userMessage('a')]);
    const whole = sessions.text('main');
    const long = JSON.stringify({ v: 1, w: 'x', n: 1, t: 'x', filler: 'x'.repeat(200_000) });
    sessions.overwrite('main', whole + long.slice(0, -1));
    branchSession(sessions.store, 'main', { id: 'try' });
    assert.equal(sessions.store.fold('try').state.damage.unreadableLines, 0);
    assert.equal(sessions.store.record('try').messageCount, 1);
    assert.equal(sessions.store.fold('main').state.damage.unreadableLines, 1);
    // Only its newline was missing: it is whole.
    sessions.overwrite('main', whole.trimEnd());
    branchSession(sessions.store, 'main', { id: 'other' });
    assert.equal(sessions.store.record('other').messageCount, 1);
  });

  it('knows its parent even if it was cut off before it could say so', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'main', [userMessage('a')]);
    sessions.overwrite('copy', sessions.text('main'));
    assert.equal(sessions.store.record('copy').parent, 'main');
  });

  it('takes no id that is in use or that is none', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'main');
    for (const [id, code] of [
      ['main', 'session.idTaken'],
      ['../x', 'session.idInvalid'],
    ] as const) {
      assert.throws(
        () => branchSession(sessions.store, 'main', { id }),
        (error) => HoldfastError.is(error, code),
      );
    }
  });
});
