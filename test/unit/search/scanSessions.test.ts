import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compressJournal } from '../../../src/core/sessions/compressJournal.ts';
import { deleteSession } from '../../../src/core/sessions/deleteSession.ts';
import { renameSession } from '../../../src/core/sessions/sessionEdits.ts';
import { homeOf, idsOf, marked, scan, toolResult } from '../../support/searching.ts';
import { createSessions, createWith, DAY_MS, userMessage } from '../../support/sessions.ts';

describe('scanSessions', () => {
  it('finds a session by a line of it, and shows that', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'one', [userMessage('Hello.\nWhy does the parser loop?\nThanks')]);
    createWith(sessions, 'other', [userMessage('Something else')]);
    const [hit, ...more] = scan(homeOf(sessions), 'pars');
    assert.deepEqual(more, []);
    assert.ok(hit);
    assert.equal(marked(hit), 'Why does the [pars]er loop?');
    const { sessionId, workspace, kind, role, timeMs, title } = hit;
    assert.deepEqual(
      { sessionId, workspace, kind, role, timeMs, title },
      {
        sessionId: 'one',
        workspace: sessions.folder,
        kind: 'message',
        role: 'user',
        timeMs: sessions.clock.nowMs,
        title: 'Hello. Why does the parser loop? Thanks',
      },
    );
  });

  it('wants every word, wherever in the session it is', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'both', [userMessage('a parser'), toolResult('a bug')]);
    createWith(sessions, 'one-of-them', [userMessage('a parser')]);
    assert.deepEqual(idsOf(scan(homeOf(sessions), 'parser bug')), ['both']);
  });

  it('searches titles, tool calls and results, commands, files, notes and goals', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'many', [
      { type: 'title', title: 'Titleword', by: 'user' },
      {
        type: 'message',
        role: 'assistant',
        parts: [{ type: 'tool-call', id: '1', name: 'Toolname', input: { deep: ['Inputword'] } }],
      },
      toolResult({ stdout: 'Outputword' }),
      { type: 'task', id: 'bash_1', command: 'npm run Commandword' },
      { type: 'file', path: '/src/Fileword.ts', how: 'read' },
      { type: 'note', text: 'Noteword' },
      { type: 'goal', text: 'Goalword' },
      { type: 'summary', text: 'Summaryword' },
    ]);
    const words = ['title', 'tooln', 'input', 'output', 'command', 'file', 'note', 'goal'];
    for (const word of [...words, 'summary']) {
      assert.deepEqual(idsOf(scan(homeOf(sessions), word)), ['many'], word);
    }
  });

  it('finds sequences only where the words follow one another in one text', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'yes', [userMessage('It ran Out of\nmemory again')]);
    createWith(sessions, 'apart', [userMessage('out of all memory')]);
    createWith(sessions, 'two-texts', [userMessage('out of'), userMessage('memory')]);
    const hits = scan(homeOf(sessions), '"out of memory"');
    assert.deepEqual(hits.map(marked), ['It ran [Out] [of]']);
    assert.deepEqual(idsOf(scan(homeOf(sessions), 'out-of-mem')), ['yes']);
  });

  it('finds any part of Chinese, Japanese and Korean text', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'japanese', [userMessage('全文検索は便利ですね')]);
    createWith(sessions, 'korean', [userMessage('한국어로검색하기')]);
    assert.deepEqual(idsOf(scan(homeOf(sessions), '検')), ['japanese']);
    assert.deepEqual(idsOf(scan(homeOf(sessions), '検索')), ['japanese']);
    assert.deepEqual(idsOf(scan(homeOf(sessions), '索検')), []);
    assert.deepEqual(idsOf(scan(homeOf(sessions), '검색')), ['korean']);
  });

  it('makes no difference between accents and between capitals', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'accents', [userMessage('CRÈME Brûlée')]);
    for (const query of ['creme', 'crème', 'CREME brulee', 'cre\u0300me']) {
      assert.deepEqual(idsOf(scan(homeOf(sessions), query)), ['accents'], query);
    }
  });

  it('finds words between colours of a terminal, but nothing in encoded pictures', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'colours', [toolResult('\u001b[31mfailed\u001b[0m: 3')]);
    createWith(sessions, 'picture', [toolResult(`failed${'QUJD'.repeat(1000)}`)]);
    const [hit, ...more] = scan(homeOf(sessions), 'failed');
    assert.deepEqual(more, []);
    assert.equal(hit && marked(hit), '[failed]: 3');
  });

  it('puts the latest first, but those named so before, and those with the words close together', async (t) => {
    const sessions = await createSessions(t);
    const far = 'x '.repeat(40_000);
    for (const id of ['named', 'oldest', 'older', 'far', 'newest']) {
      sessions.clock.nowMs += DAY_MS;
      createWith(sessions, id, [
        userMessage(id === 'far' ? `the parser ${far}` : 'the parser'),
        userMessage(id === 'far' ? 'looping' : 'is looping'),
      ]);
    }
    renameSession(sessions.host, 'named', 'A Looping Parser');
    const ids = idsOf(scan(homeOf(sessions), 'parser looping'));
    assert.deepEqual(ids, ['named', 'newest', 'older', 'oldest', 'far']);
  });

  it('keeps to a workspace and to a limit', async (t) => {
    const sessions = await createSessions(t);
    for (const id of ['a', 'b', 'c']) createWith(sessions, id, [userMessage('the parser')]);
    const home = homeOf(sessions);
    const count = (limit: number, workspace?: string): number =>
      scan(home, 'parser', { limit, workspace: workspace as undefined }).length;
    assert.equal(count(2), 2);
    assert.equal(count(9, sessions.folder), 3);
    assert.equal(count(9, '/another'), 0);
  });

  it('searches compressed sessions, and none that was deleted', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'packed', [userMessage('the parser')]);
    compressJournal(sessions.files('packed'));
    createWith(sessions, 'deleted', [userMessage('the parser')]);
    deleteSession(sessions.store, 'deleted');
    assert.deepEqual(idsOf(scan(homeOf(sessions), 'parser')), ['packed']);
  });

  it('passes over damage', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'torn', [userMessage('first'), userMessage('the parser')]);
    sessions.overwrite('torn', sessions.text('torn').slice(0, -20));
    createWith(sessions, 'garbage');
    sessions.overwrite('garbage', Buffer.from([0, 1, 2, 255, 10, 0xc3, 0x28]));
    assert.deepEqual(idsOf(scan(homeOf(sessions), 'first')), ['torn']);
  });

  it('answers nothing to nothing', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'any', [userMessage('the parser')]);
    for (const query of ['', '  ', '"', '*', '()']) {
      assert.deepEqual(scan(homeOf(sessions), query), [], query);
    }
  });
});
