import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { describe, it } from 'node:test';
import { HoldfastError } from '../../../src/core/common/errors.ts';
import type { NewLine } from '../../../src/core/sessions/journalLines.ts';
import { toStoredRecord } from '../../../src/core/sessions/mergeRecords.ts';
import { recoverSession } from '../../../src/core/sessions/recoverSession.ts';
import {
  createSessions,
  createWith,
  userMessage,
  type TestSessions,
} from '../../support/sessions.ts';

const lines: NewLine[] = [
  userMessage('a'),
  { type: 'file', path: '/a', how: 'read', mtimeMs: 5, hash: 'h', sizeBytes: 1 },
  { type: 'task', id: 'bash_1', command: 'make', uuid: 'u' },
  { type: 'output-read', task: 'bash_1', reader: 'r', offset: 9 },
  { type: 'permission', rule: 'Edit', decision: 'allow', by: 'user' },
  { type: 'permission', rule: 'Bash(rm:*)', decision: 'allow', by: 'user' },
  userMessage('b'),
];

/** What the editor has kept of a session, as JSON gives it back. */
function keptOf(sessions: TestSessions, id: string): unknown {
  return JSON.parse(JSON.stringify(toStoredRecord(sessions.store.record(id))));
}

/** Takes whole lines out of a journal, the first one being 0. */
function lose(sessions: TestSessions, id: string, ...numbers: number[]): void {
  const left = sessions
    .text(id)
    .split('\n')
    .filter((_line, index) => !numbers.includes(index));
  sessions.overwrite(id, left.join('\n'));
}

describe('recoverSession', () => {
  it('brings back what the journal has lost, with its age, and leaves the rest as it is', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 's', lines);
    const kept = keptOf(sessions, 's');
    const { permissions: before } = sessions.store.record('s');
    lose(sessions, 's', 0, 2, 3, 4, 5);
    sessions.clock.nowMs += 60_000;
    const { brought, addedLines } = recoverSession(sessions.store, kept);
    assert.equal(brought, 'parts');
    assert.equal(addedLines, 4);
    const after = sessions.store.record('s', { withMessages: true });
    assert.equal(after.messages.length, 2);
    assert.equal(after.workspace, sessions.folder);
    assert.deepEqual(after.fileContext.read, ['/a']);
    assert.equal(after.backgroundTasks['bash_1']?.outputPosition, 9);
    const byRule = (a: { rule: string | null }, b: { rule: string | null }): number =>
      (a.rule ?? '') < (b.rule ?? '') ? -1 : 1;
    assert.deepEqual([...after.permissions.details].sort(byRule), [...before.details].sort(byRule));
    assert.equal(after.damage.isHeaderMissing, false);
  });

  it('does not bring back an approval that was taken back', async (t) => {
    const sessions = await createSessions(t);
    const journal = createWith(sessions, 's', lines);
    const kept = keptOf(sessions, 's');
    journal.append({ type: 'permission', rule: 'Bash(rm:*)', revoke: true, by: 'user' });
    lose(sessions, 's', 2, 6);
    recoverSession(sessions.store, kept);
    assert.deepEqual(sessions.store.record('s').permissions.approvedTools, ['Edit']);
    assert.deepEqual(sessions.store.record('s').fileContext.read, ['/a']);
  });

  it('makes a journal anew where nothing can be read, or nothing is there', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 's', lines);
    const kept = keptOf(sessions, 's');
    sessions.overwrite('s', Buffer.alloc(300));
    const { brought, damagedFile = '' } = recoverSession(sessions.store, kept);
    assert.equal(brought, 'journal');
    assert.deepEqual(readFileSync(damagedFile), Buffer.alloc(300));
    assert.deepEqual(sessions.store.record('s').fileContext.read, ['/a']);
    rmSync(sessions.files('s').plain);
    assert.equal(recoverSession(sessions.store, kept).damagedFile, undefined);
    assert.equal(sessions.store.record('s').backgroundTasks['bash_1']?.command, 'make');
  });

  it('leaves a sound journal alone, whatever an older record says', async (t) => {
    const sessions = await createSessions(t);
    const journal = createWith(sessions, 's', lines);
    const kept = keptOf(sessions, 's');
    journal.append({ type: 'permission', rule: 'Edit', revoke: true, by: 'user' });
    const text = sessions.text('s');
    const { brought, damagedFile } = recoverSession(sessions.store, kept);
    assert.deepEqual([brought, damagedFile], ['nothing', undefined]);
    assert.equal(sessions.text('s'), text);
    assert.throws(
      () => recoverSession(sessions.store, { sessionId: '../x' }),
      (error) => HoldfastError.is(error, 'session.idInvalid'),
    );
    assert.equal(existsSync(sessions.files('s').plain), true);
  });
});
