import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { HoldfastError } from '../../../src/core/common/errors.ts';
import {
  deletedRecord,
  mergeRecords,
  parseStoredRecords,
  toStoredRecord,
  type StoredRecords,
} from '../../../src/core/sessions/mergeRecords.ts';
import { recordFromCache } from '../../../src/core/sessions/recordFromCache.ts';
import {
  createSessions,
  createWith,
  DAY_MS,
  START_MS,
  userMessage,
} from '../../support/sessions.ts';

describe('recordFromCache', () => {
  it('brings back tasks, cursors, files, permissions and the rest of a lost journal', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 's', [
      { type: 'title', title: 'Parser', by: 'user' },
      userMessage('a'),
      { type: 'env', set: { EDITOR: 'vi' }, unset: ['CI'], secretNames: ['API_TOKEN'] },
      { type: 'file', path: '/a', how: 'read', mtimeMs: 5, hash: 'h', sizeBytes: 1 },
      { type: 'permission', rule: 'Edit', decision: 'allow', by: 'user', scope: 'workspace' },
      { type: 'task', id: 'bash_1', command: 'make', uuid: 'u' },
      {
        type: 'task-end',
        id: 'bash_1',
        status: 'killed',
        signal: 'SIGTERM',
        endedAt: '2026-01-03T00:00:00.000Z',
      },
      { type: 'output-read', task: 'bash_1', reader: 'r', offset: 9 },
      { type: 'goal', text: 'ship' },
      { type: 'pin', isPinned: true },
    ]);
    const before = sessions.store.record('s');
    const stored: unknown = JSON.parse(JSON.stringify(toStoredRecord(before)));
    rmSync(sessions.files('s').plain);
    sessions.clock.nowMs += 3 * DAY_MS;
    assert.equal(recordFromCache(sessions.host, stored), 's');
    const after = sessions.store.record('s');
    assert.deepEqual(after, { ...before, firstPrompt: null, messageCount: 0 });
  });

  it('never writes over a journal that is there', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 's', [userMessage('a')]);
    const stored = toStoredRecord(sessions.store.record('s'));
    assert.throws(
      () => recordFromCache(sessions.host, stored),
      (error) => HoldfastError.is(error, 'session.idTaken'),
    );
    assert.throws(
      () => recordFromCache(sessions.host, { sessionId: 3 }),
      (error) => HoldfastError.is(error, 'session.importInvalid'),
    );
  });
});

/** As JSON gives them: with a prototype. */
const plain = { noNullPrototype: true };
const record = fc.record(
  {
    sessionId: fc.constantFrom('a', 'b', 'c', 'd'),
    lastActive: fc.nat(5).map((day) => new Date(START_MS + day * DAY_MS).toISOString()),
    title: fc.string({ maxLength: 5 }),
  },
  plain,
);
const stored: fc.Arbitrary<StoredRecords> = fc.dictionary(
  fc.constantFrom('/p', '/q', '__proto__'),
  fc.record(
    {
      activeSession: fc.option(fc.constantFrom('a', 'b')),
      activeSince: fc.nat(5).map((day) => new Date(START_MS + day * DAY_MS).toISOString()),
      records: fc.uniqueArray(record, { selector: ({ sessionId }) => sessionId }),
    },
    plain,
  ),
  plain,
);
const now = { nowMs: START_MS + 10 * DAY_MS };

describe('mergeRecords', () => {
  it('comes to the same in whichever order and however often windows merge', () => {
    fc.assert(
      fc.property(stored, stored, stored, (a, b, c) => {
        const merge = (x: StoredRecords, y: StoredRecords): StoredRecords =>
          mergeRecords(x, y, now);
        assert.deepEqual(merge(a, b), merge(b, a));
        assert.deepEqual(merge(merge(a, b), c), merge(a, merge(b, c)));
        assert.deepEqual(merge(merge(a, b), b), merge(a, b));
      }),
    );
  });

  it('keeps of each session what was active last, and loses none while there is room', () => {
    fc.assert(
      fc.property(stored, stored, (a, b) => {
        const merged = mergeRecords(a, b, now);
        for (const [folder, { records }] of [...Object.entries(a), ...Object.entries(b)]) {
          for (const { sessionId, lastActive } of records) {
            const kept = merged[folder]?.records.find((each) => each.sessionId === sessionId);
            assert.ok(kept !== undefined && kept.lastActive >= lastActive);
          }
        }
      }),
    );
  });

  it('keeps the newest that fit', () => {
    const records = Array.from({ length: 3000 }, (_, index) => ({
      sessionId: `s${String(index)}`,
      lastActive: new Date(START_MS + index * 1000).toISOString(),
      title: 'x'.repeat(200),
    }));
    const all = { '/p': { activeSession: null, activeSince: '', records } };
    const merged = mergeRecords(all, {}, now);
    assert.ok(Buffer.byteLength(JSON.stringify(merged)) <= 400 * 1024);
    const kept = merged['/p']?.records ?? [];
    assert.equal(kept[0]?.sessionId, 's2999');
    assert.ok(kept.length > 1000 && kept.length < 3000);
  });

  it('does not bring a deleted session back', () => {
    const lastActive = new Date(START_MS).toISOString();
    const alive = {
      '/p': { activeSession: 'a', activeSince: '', records: [{ sessionId: 'a', lastActive }] },
    };
    const dead = {
      '/p': { activeSession: null, activeSince: 'x', records: [deletedRecord('a', START_MS + 1)] },
    };
    assert.equal(mergeRecords(alive, dead, now)['/p']?.records[0]?.isDeleted, true);
    const later = mergeRecords(alive, dead, { nowMs: START_MS + 60 * DAY_MS });
    assert.deepEqual(later['/p']?.records, []);
  });

  it('reads nothing out of what it does not understand', () => {
    for (const value of [undefined, null, [], { '/p': 1 }, { '/p': { records: [{}] } }]) {
      assert.deepEqual(parseStoredRecords(value), {});
    }
  });
});
