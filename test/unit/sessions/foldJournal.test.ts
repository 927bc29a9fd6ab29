import assert from 'node:assert/strict';
import { appendFileSync, rmSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { foldJournal, type FoldedJournal } from '../../../src/core/sessions/foldJournal.ts';
import { decodeState, encodeState } from '../../../src/core/sessions/stateJson.ts';
import { createSessions, createWith, START_MS, userMessage } from '../../support/sessions.ts';
import { anyLines } from './anyLine.ts';

/** With what has no newline yet; in JSON, undefined is the same as absent. */
function asText(folded: FoldedJournal): unknown {
  return JSON.parse(encodeState({ ...folded, committed: folded.state }));
}

describe('foldJournal', () => {
  it('folds every type of line into the state', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 's', [
      { type: 'title', title: 'The parser', by: 'user' },
      { type: 'agent', name: 'claude-code', sessionId: 'u-1' },
      { type: 'cwd', path: '/home/sub' },
      { type: 'env', set: { NODE_ENV: 'test' }, unset: ['CI'], secretNames: ['API_TOKEN'] },
      userMessage('  Write a\nparser '),
      {
        type: 'message',
        role: 'assistant',
        parts: [
          { type: 'tool-call', id: 'c1', name: 'Bash', input: {} },
          { type: 'tool-call', id: 'c2', name: 'Edit', input: {} },
        ],
      },
      {
        type: 'message',
        role: 'tool',
        parts: [{ type: 'tool-result', id: 'c1', output: 'ok', isError: false }],
      },
      { type: 'file', path: '/a', how: 'read', mtimeMs: 1, hash: 'h', sizeBytes: 2 },
      { type: 'file', path: '/a', how: 'modified' },
      { type: 'permission', rule: 'Bash(git:*)', decision: 'allow', by: 'user', scope: 'session' },
      { type: 'permission', rule: 'Edit', decision: 'allow', by: 'user' },
      { type: 'permission', rule: 'Edit', revoke: true, by: 'user' },
      { type: 'task', id: 'bash_1', command: 'npm run dev', uuid: 'u' },
      { type: 'task', id: 'bash_2', command: 'make' },
      { type: 'task-end', id: 'bash_2', status: 'completed', exitCode: 2 },
      { type: 'output-read', task: 'bash_1', reader: 'a', offset: 10 },
      { type: 'output-read', task: 'bash_1', reader: 'b', offset: 4 },
      { type: 'goal', text: 'parse', isDone: true },
      { type: 'note', text: 'remember' },
      { type: 'summary', text: 'so far' },
      { type: 'pin', isPinned: true },
      { type: 'branched', from: 's', to: 'other' },
      { type: 'resumed', by: 'test' },
      { type: 'restored', by: 'test' },
    ]);
    const { state } = foldJournal(sessions.files('s'));
    assert.equal(state.title, 'The parser');
    assert.equal(state.agent, 'claude-code');
    assert.equal(state.agentSessionId, 'u-1');
    assert.equal(state.cwd, '/home/sub');
    assert.deepEqual(
      [...state.environment],
      [
        ['NODE_ENV', 'test'],
        ['CI', null],
      ],
    );
    assert.deepEqual([...state.secretNames], ['API_TOKEN']);
    assert.equal(state.firstPrompt, 'Write a parser');
    assert.equal(state.messageCount, 3);
    assert.equal(state.toolCallCount, 2);
    assert.deepEqual([...state.openToolCalls], [['c2', 'Edit']]);
    const file = state.files.get('/a');
    assert.deepEqual([file?.isRead, file?.isModified, file?.isCreated], [true, true, false]);
    assert.deepEqual([...state.permissions.keys()], ['rule Bash(git:*)']);
    assert.equal(state.tasks.get('bash_1')?.end, undefined);
    assert.equal(state.tasks.get('bash_2')?.end?.exitCode, 2);
    assert.deepEqual(Object.fromEntries(state.cursors.get('bash_1')?.offsets ?? []), {
      a: 10,
      b: 4,
    });
    assert.equal(state.cursors.get('bash_1')?.position, 4);
    assert.deepEqual([...state.goals], [['parse', true]]);
    assert.deepEqual(state.notes, ['remember']);
    assert.equal(state.summary, 'so far');
    assert.equal(state.isPinned, true);
    assert.deepEqual([...state.children], ['other']);
    assert.equal(state.resumeCount, 1);
    assert.equal(state.restoredMs, START_MS);
    assert.equal(state.startMs, START_MS);
    assert.equal(state.damage.isHeaderMissing, false);
  });

  it('keeps count of types that it does not know, and of lines of a newer version', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 's');
    const frame = { t: '2026-01-02T03:04:05.000Z' };
    appendFileSync(
      sessions.files('s').plain,
      [
        { v: 1, ...frame, type: 'hologram', depth: 3 },
        { v: 2, ...frame, type: 'title', words: ['new', 'shape'] },
        { v: 1, ...frame, type: 'title' },
      ]
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
    );
    const { state } = foldJournal(sessions.files('s'));
    assert.deepEqual(
      [...state.unknownTypes],
      [
        ['hologram', 1],
        ['title', 1],
      ],
    );
    assert.equal(state.newestVersion, 2);
    assert.equal(state.damage.unreadableLines, 1, 'a line of our version that lacks a field');
  });

  it('does not count renaming and pinning as work on the session', async (t) => {
    const sessions = await createSessions(t);
    const journal = createWith(sessions, 's', [userMessage('a')]);
    sessions.clock.nowMs += 1000;
    journal.append({ type: 'title', title: 'x', by: 'user' });
    journal.append({ type: 'pin', isPinned: true });
    assert.equal(foldJournal(sessions.files('s')).state.lastActiveMs, START_MS);
  });

  it('gives the same whether it reads at once, in two steps, or on from a checkpoint', async (t) => {
    const sessions = await createSessions(t);
    let round = 0;
    fc.assert(
      fc.property(anyLines, fc.double({ min: 0, max: 1, noNaN: true }), (lines, share) => {
        const id = `s${String((round += 1))}`;
        createWith(sessions, id, lines);
        const whole = Buffer.from(sessions.text(id));
        const cut = Math.floor(whole.length * share);
        sessions.overwrite(id, whole.subarray(0, cut));
        const files = sessions.files(id);
        const first = foldJournal(files);
        const checkpoint = decodeState(encodeState(first), id);
        appendFileSync(files.plain, whole.subarray(cut));
        const expected = asText(foldJournal(files));
        assert.deepEqual(asText(foldJournal(files, checkpoint)), expected);
        assert.deepEqual(asText(foldJournal(files, first)), expected);
      }),
      { numRuns: 60 },
    );
  });

  it('takes a last line without its newline, and does not take it twice', async (t) => {
    const sessions = await createSessions(t);
    const journal = createWith(sessions, 's', [userMessage('a'), userMessage('b')]);
    const files = sessions.files('s');
    sessions.overwrite('s', sessions.text('s').trimEnd());
    const first = foldJournal(files);
    assert.equal(first.state.messageCount, 2);
    journal.append(userMessage('c'));
    const second = foldJournal(files, first);
    assert.equal(second.state.messageCount, 3);
    assert.equal(second.state.damage.unreadableLines, 0);
  });

  it('starts over when another journal lies in its place', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 's', [userMessage('one'), userMessage('two')]);
    const before = foldJournal(sessions.files('s'));
    rmSync(sessions.files('s').plain);
    createWith(
      sessions,
      's',
      Array.from({ length: 9 }, () => userMessage('other')),
    );
    const after: FoldedJournal = foldJournal(sessions.files('s'), before);
    assert.equal(after.state.messageCount, 9);
    assert.equal(after.state.firstPrompt, 'other');
  });

  it('is not misled by names that objects have of their own', async (t) => {
    const sessions = await createSessions(t);
    const names = ['__proto__', 'constructor', 'toString'];
    createWith(sessions, 's', [
      { type: 'env', set: Object.fromEntries(names.map((name) => [name, 'x'])) },
      ...names.map((id) => ({ type: 'task' as const, id, command: id })),
    ]);
    const record = sessions.store.record('s');
    assert.deepEqual(Object.keys(record.backgroundTasks), names);
    assert.equal(Object.getPrototypeOf(record.backgroundTasks), Object.prototype);
  });
});
