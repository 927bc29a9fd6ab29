import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { it } from 'node:test';
import { silentLog } from '../../../src/core/common/log.ts';
import { compressJournal } from '../../../src/core/sessions/compressJournal.ts';
import { decompressJournal } from '../../../src/core/sessions/decompressJournal.ts';
import { deleteSession, undeleteSession } from '../../../src/core/sessions/deleteSession.ts';
import { repairSession } from '../../../src/core/sessions/repairSession.ts';
import { renameSession } from '../../../src/core/sessions/sessionEdits.ts';
import { indexFileIn } from '../../../src/core/search/indexFile.ts';
import { homeOf, idsOf, refresh, scan, searchIndexOf } from '../../support/searching.ts';
import {
  createSessions,
  createWith,
  userMessage,
  type TestSessions,
} from '../../support/sessions.ts';
import { describeWithSqlite } from '../../support/sqliteNode.ts';

/** What the index finds, which must be what the journals give. */
function found(sessions: TestSessions, query: string): string[] {
  const hits = searchIndexOf(homeOf(sessions), query);
  assert.deepEqual(hits, scan(homeOf(sessions), query));
  return idsOf(hits).sort();
}

describeWithSqlite(import.meta.filename, 'refreshIndex', () => {
  it('makes an index that only the user can read', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'one', [userMessage('the parser')]);
    const result = await refresh(homeOf(sessions));
    assert.deepEqual(result, { isComplete: true, readFiles: 1, goneFiles: 0 });
    assert.equal(statSync(indexFileIn(homeOf(sessions))).mode & 0o777, 0o600);
    assert.deepEqual(found(sessions, 'parser'), ['one']);
  });

  it('creates nothing where there is no home', async (t) => {
    const sessions = await createSessions(t);
    const home = `${homeOf(sessions)}/missing`;
    await refresh(home);
    assert.equal(existsSync(home), false);
  });

  it('reads only the sessions that changed', async (t) => {
    const sessions = await createSessions(t);
    const one = createWith(sessions, 'one', [userMessage('the parser')]);
    createWith(sessions, 'two', [userMessage('the printer')]);
    await refresh(homeOf(sessions));
    assert.equal((await refresh(homeOf(sessions))).readFiles, 0);
    one.append(userMessage('the lexer'));
    assert.equal((await refresh(homeOf(sessions))).readFiles, 1);
    assert.deepEqual(found(sessions, 'parser'), ['one']);
    assert.deepEqual(found(sessions, 'lexer'), ['one']);
    assert.deepEqual(found(sessions, 'par lex'), ['one']);
  });

  it('reads a line without its end, and again when that has come', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'one', [userMessage('the parser'), userMessage('the lexer')]);
    const text = sessions.text('one');
    sessions.overwrite('one', text.slice(0, -1));
    await refresh(homeOf(sessions));
    assert.deepEqual(found(sessions, 'lexer'), ['one']);
    appendFileSync(sessions.files('one').plain, '\n');
    await refresh(homeOf(sessions));
    assert.deepEqual(found(sessions, 'lexer'), ['one']);
  });

  it('knows a new title, and forgets nothing else', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'one', [userMessage('the parser')]);
    await refresh(homeOf(sessions));
    renameSession(sessions.host, 'one', 'About lexers');
    await refresh(homeOf(sessions));
    const [hit] = searchIndexOf(homeOf(sessions), 'parser');
    assert.equal(hit?.title, 'About lexers');
    assert.deepEqual(found(sessions, 'about'), ['one']);
  });

  it('reads a journal anew that was cut, replaced or repaired', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'one', [userMessage('the parser'), userMessage('the lexer')]);
    await refresh(homeOf(sessions));
    const text = sessions.text('one');
    const lines = text.split('\n');
    sessions.overwrite('one', `${lines.slice(0, 2).join('\n')}\n`);
    await refresh(homeOf(sessions));
    assert.deepEqual([found(sessions, 'parser'), found(sessions, 'lexer')], [['one'], []]);
    sessions.overwrite('one', text.replace('parser', 'PRINTER'));
    await refresh(homeOf(sessions));
    assert.deepEqual([found(sessions, 'printer'), found(sessions, 'parser')], [['one'], []]);
    sessions.overwrite('one', `garbage\n${text}`);
    await refresh(homeOf(sessions));
    repairSession(sessions.store, 'one');
    await refresh(homeOf(sessions));
    assert.deepEqual(found(sessions, 'garbage'), []);
    assert.deepEqual(found(sessions, 'the parser lexer'), ['one']);
  });

  it('forgets deleted sessions, and has them back', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'one', [userMessage('the parser')]);
    createWith(sessions, 'two', [userMessage('the parser')]);
    await refresh(homeOf(sessions));
    deleteSession(sessions.store, 'one');
    assert.deepEqual(idsOf(searchIndexOf(homeOf(sessions), 'parser')), ['two'], 'before refresh');
    assert.equal((await refresh(homeOf(sessions))).goneFiles, 1);
    assert.deepEqual(found(sessions, 'parser'), ['two']);
    undeleteSession(sessions.host, 'one');
    await refresh(homeOf(sessions));
    assert.deepEqual(found(sessions, 'parser'), ['one', 'two']);
  });

  it('finds a session before and after it was compressed, and when it goes on', async (t) => {
    const sessions = await createSessions(t);
    const one = createWith(sessions, 'one', [userMessage('the parser')]);
    await refresh(homeOf(sessions));
    compressJournal(sessions.files('one'));
    await refresh(homeOf(sessions));
    assert.deepEqual(found(sessions, 'parser'), ['one']);
    decompressJournal(sessions.files('one'));
    one.append(userMessage('the lexer'));
    await refresh(homeOf(sessions));
    assert.deepEqual(found(sessions, 'pars lexe'), ['one']);
  });

  for (const [damage, bytes] of [
    ['is garbage', Buffer.from('This is no database. '.repeat(1000))],
    ['was emptied', Buffer.alloc(0)],
    ['is full of zeros', Buffer.alloc(100_000)],
  ] as const) {
    it(`is made anew when it ${damage}`, async (t) => {
      const sessions = await createSessions(t);
      createWith(sessions, 'one', [userMessage('the parser')]);
      await refresh(homeOf(sessions));
      writeFileSync(indexFileIn(homeOf(sessions)), bytes);
      await refresh(homeOf(sessions), silentLog);
      assert.deepEqual(found(sessions, 'parser'), ['one']);
    });
  }

  it('is made anew when any page of it is damaged, at the latest when that is read', async (t) => {
    const sessions = await createSessions(t);
    const words = Array.from({ length: 3000 }, (_, index) => `word${String(index)}`);
    createWith(sessions, 'one', words.map(userMessage));
    await refresh(homeOf(sessions));
    const file = indexFileIn(homeOf(sessions));
    const sound = readFileSync(file);
    for (let page = 0; page * 8192 < sound.length; page += 3) {
      const bytes = Buffer.from(sound);
      bytes.fill(0xa5, page * 8192, (page + 1) * 8192);
      for (const ending of ['-wal', '-shm']) rmSync(file + ending, { force: true });
      writeFileSync(file, bytes);
      createWith(sessions, `more${String(page)}`, [userMessage('the parser')]);
      await refresh(homeOf(sessions), silentLog);
      assert.ok(idsOf(searchIndexOf(homeOf(sessions), 'parser', undefined, silentLog)).length > 0);
    }
  });

  it('is made anew when it was deleted, whatever lies beside it', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'one', [userMessage('the parser')]);
    await refresh(homeOf(sessions));
    const file = indexFileIn(homeOf(sessions));
    writeFileSync(`${file}-wal`, readFileSync(file));
    rmSync(file);
    await refresh(homeOf(sessions));
    assert.deepEqual(found(sessions, 'parser'), ['one']);
  });

  for (const [kind, version] of [
    ['an earlier', 1],
    ['a later', 99],
  ] as const) {
    it(`is made anew when ${kind} version has made it`, async (t) => {
      const sessions = await createSessions(t);
      createWith(sessions, 'one', [userMessage('the parser')]);
      await refresh(homeOf(sessions));
      const { DatabaseSync } = await import('node:sqlite');
      const database = new DatabaseSync(indexFileIn(homeOf(sessions)));
      database.exec(`DELETE FROM text; PRAGMA user_version = ${String(version)};`);
      database.close();
      const { readFiles } = await refresh(homeOf(sessions), silentLog);
      assert.equal(readFiles, 1);
      assert.deepEqual(found(sessions, 'parser'), ['one']);
    });
  }
});
