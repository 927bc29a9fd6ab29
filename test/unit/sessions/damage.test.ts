import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { foldJournal } from '../../../src/core/sessions/foldJournal.ts';
import { Journal } from '../../../src/core/sessions/journal.ts';
import { readMessages } from '../../../src/core/sessions/readMessages.ts';
import { repairSession } from '../../../src/core/sessions/repairSession.ts';
import {
  isDamaged,
  needsRepair,
  type SessionState,
} from '../../../src/core/sessions/sessionState.ts';
import {
  createSessions,
  createWith,
  userMessage,
  type TestSessions,
} from '../../support/sessions.ts';
import { anyLines } from './anyLine.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });

/** One thing that happens to a file: where, and what. */
const edit = fc.oneof(
  fc.record({ kind: fc.constant('delete' as const), at: share }),
  fc.record({ kind: fc.constant('duplicate' as const), at: share }),
  fc.record({ kind: fc.constant('swap' as const), at: share }),
  fc.record({
    kind: fc.constant('garbage' as const),
    at: share,
    bytes: fc.uint8Array({ maxLength: 30 }),
  }),
  fc.record({ kind: fc.constant('zero' as const), at: share, count: fc.nat(200) }),
  fc.record({ kind: fc.constant('cut' as const), at: share }),
);
type Edit = typeof edit extends fc.Arbitrary<infer E> ? E : never;

function applyEdit(bytes: Buffer, change: Edit): Buffer {
  const lines = bytes.toString('latin1').split(/(?<=\n)/);
  const index = Math.floor(change.at * (lines.length - 1));
  const offset = Math.floor(change.at * bytes.length);
  const joined = (changed: readonly string[]): Buffer => Buffer.from(changed.join(''), 'latin1');
  switch (change.kind) {
    case 'delete':
      return joined(lines.toSpliced(index, 1));
    case 'duplicate':
      return joined(lines.toSpliced(lines.length, 0, lines[index] ?? ''));
    case 'swap':
      return joined(lines.toSpliced(index, 2, lines[index + 1] ?? '', lines[index] ?? ''));
    case 'garbage':
      return Buffer.concat([bytes.subarray(0, offset), change.bytes, bytes.subarray(offset)]);
    case 'zero':
      return Buffer.from(bytes).fill(0, offset, Math.min(bytes.length, offset + change.count));
    case 'cut':
      return bytes.subarray(0, offset);
  }
}

/** What a journal says, without what is wrong with it. */
function meaningOf(state: SessionState): object {
  const wrongOrOfTheFile = {
    damage: undefined,
    writers: undefined,
    lineCount: undefined,
    toldMissingLines: undefined,
    workspace: undefined,
    origin: undefined,
    headerId: undefined,
  };
  return { ...state, ...wrongOrOfTheFile, lastActiveMs: state.lastActiveMs ?? state.startMs };
}

const textsOf = (sessions: TestSessions, id: string): string[] =>
  readMessages(sessions.files(id)).map(({ parts }) => JSON.stringify(parts));

describe('a damaged journal', () => {
  it('gives back every whole line wherever it is cut, and counts the torn one', async (t) => {
    const sessions = await createSessions(t);
    const words = ['one', 'two', 'three "}{', '四'];
    createWith(sessions, 's', words.map(userMessage));
    const whole = Buffer.from(sessions.text('s'));
    for (let cut = 1; cut <= whole.length; cut += 1) {
      const bytes = whole.subarray(0, cut);
      sessions.overwrite('s', bytes);
      const lines = bytes.toString('utf8').split('\n');
      const last = lines.pop() ?? '';
      const isWhole =
        last !== '' && whole.toString('utf8').includes(`${last}\n`) && last.endsWith('}');
      const { state } = foldJournal(sessions.files('s'));
      const readable = lines.length + (isWhole ? 1 : 0);
      assert.equal(state.messageCount, Math.max(0, readable - 1), `cut at ${String(cut)}`);
      assert.equal(state.damage.unreadableLines, last === '' || isWhole ? 0 : 1);
    }
  });

  it('keeps what stands before and after a line that is gone, and misses it', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 's', ['a', 'b', 'c'].map(userMessage));
    sessions.overwrite('s', sessions.text('s').split('\n').toSpliced(2, 1).join('\n'));
    const { state } = foldJournal(sessions.files('s'));
    assert.equal(state.messageCount, 2);
    assert.equal(state.damage.missingLines, 1);
    assert.equal(needsRepair(state), false, 'nothing can bring it back');
    assert.equal(isDamaged(state), true);
    assert.equal(repairSession(sessions.store, 's').wasSound, false);
    const told = foldJournal(sessions.files('s')).state;
    assert.deepEqual([isDamaged(told), told.damage.missingLines], [false, 1]);
    assert.equal(repairSession(sessions.store, 's').wasSound, true);
  });

  it('counts a line that is there twice, and uses it once', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 's', [userMessage('a'), userMessage('a')]);
    sessions.overwrite('s', sessions.text('s').repeat(2));
    const { state } = foldJournal(sessions.files('s'));
    assert.equal(state.messageCount, 2, 'the same words twice are two messages');
    assert.equal(state.damage.duplicateLines, 3);
    assert.equal(readMessages(sessions.files('s')).length, 2);
  });

  it('has the lines of two writers at once, also where one was torn by the other', async (t) => {
    const sessions = await createSessions(t);
    const first = createWith(sessions, 's');
    const second = new Journal(sessions.host, 's');
    for (let round = 0; round < 20; round += 1) {
      (round % 2 === 0 ? first : second).append(userMessage(String(round)));
    }
    assert.equal(foldJournal(sessions.files('s')).state.messageCount, 20);
    const lines = sessions.text('s').split('\n');
    const torn = (lines[5] ?? '').slice(0, 30);
    sessions.overwrite('s', lines.toSpliced(5, 0, torn + (lines[9] ?? '')).join('\n'));
    const { state } = foldJournal(sessions.files('s'));
    assert.equal(state.messageCount, 20);
    assert.deepEqual(
      [state.damage.unreadableLines, state.damage.duplicateLines, state.damage.missingLines],
      [1, 1, 0],
    );
  });

  it('says the same after a repair as before, whatever happened to it; the damaged file stays', async (t) => {
    const sessions = await createSessions(t);
    let round = 0;
    fc.assert(
      fc.property(anyLines, fc.array(edit, { minLength: 1, maxLength: 4 }), (lines, edits) => {
        const id = `s${String((round += 1))}`;
        createWith(sessions, id, lines);
        const damaged = edits.reduce(applyEdit, Buffer.from(sessions.text(id)));
        sessions.overwrite(id, damaged);
        const before = foldJournal(sessions.files(id)).state;
        const messages = textsOf(sessions, id);
        sessions.clock.nowMs = before.startMs ?? sessions.clock.nowMs;
        const result = repairSession(sessions.store, id);
        const after = foldJournal(sessions.files(id)).state;
        assert.equal(needsRepair(after), false);
        if (before.lineCount > 0) assert.deepEqual(meaningOf(after), meaningOf(before));
        assert.deepEqual(textsOf(sessions, id), messages);
        assert.equal(
          result.damagedFile === undefined,
          !needsRepair(before) && damaged.at(-1) === 10,
        );
        assert.equal(repairSession(sessions.store, id).damagedFile, undefined);
      }),
      { numRuns: 150 },
    );
  });

  it('gets a header again, with its own beginning', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 's', [userMessage('a')]);
    sessions.overwrite('s', sessions.text('s').split('\n').slice(1).join('\n'));
    assert.equal(foldJournal(sessions.files('s')).state.damage.isHeaderMissing, true);
    sessions.clock.nowMs += 5000;
    repairSession(sessions.store, 's');
    const { state } = foldJournal(sessions.files('s'));
    assert.equal(state.headerId, 's');
    assert.equal(state.origin, 'repair');
    assert.equal(state.workspace, sessions.folder);
    assert.equal(state.messageCount, 1);
  });
});
