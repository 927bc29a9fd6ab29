import assert from 'node:assert/strict';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import path from 'node:path';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { silentLog } from '../../../src/core/common/log.ts';
import { indexFileIn } from '../../../src/core/search/indexFile.ts';
import { homeOf, refresh, scan, searchIndexOf, writeSession } from '../../support/searching.ts';
import { createSessions, type TestSessions } from '../../support/sessions.ts';
import { describeWithSqlite } from '../../support/sqliteNode.ts';
import type { Cleanup } from '../../support/tempDir.ts';

const script = path.resolve(import.meta.dirname, '../../support/refreshesIndex.ts');
const QUERIES = ['parser', 'needle7', 'word1 word2', '"the parser"', 'wo', 'session3'];

function startRefresh(test: Cleanup, home: string, ...mode: string[]): Refreshing {
  const child = spawn(process.execPath, ['--import', 'tsx', script, home, ...mode]);
  let output = '';
  let errors = '';
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  test.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, ended, output: () => output, errors: () => errors };
}

interface Refreshing {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<number | null>;
  output(): string;
  errors(): string;
}

function fill(sessions: TestSessions, count: number): void {
  for (let number = 0; number < count; number += 1) {
    const words = Array.from({ length: 2000 }, (_, index) => `word${String(index * number)}`);
    writeSession(sessions, `s${String(number)}`, [
      `the parser of session${String(number)}`,
      words.join(' '),
      `needle${String(number)}`,
    ]);
  }
}

function assertSameAnswers(home: string): void {
  for (const query of QUERIES) {
    assert.deepEqual(searchIndexOf(home, query), scan(home, query), query);
  }
}

describeWithSqlite(import.meta.filename, 'several processes at one index', () => {
  it('index the same sessions at once, each of them once', async (t) => {
    const sessions = await createSessions(t);
    const home = homeOf(sessions);
    fill(sessions, 200);
    const runs = [1, 2, 3].map(() => startRefresh(t, home));
    for (const run of runs) assert.equal(await run.ended, 0, run.errors());
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(indexFileIn(home));
    t.after(() => {
      database.close();
    });
    const count = (table: string): unknown =>
      database.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.['count'];
    assert.equal(count('item'), 200);
    assert.equal(count('block'), count('text'));
    assertSameAnswers(home);
  });

  it('are followed by a sound index when they were killed at any moment', async (t) => {
    const sessions = await createSessions(t);
    const home = homeOf(sessions);
    fill(sessions, 100);
    for (let round = 0; round < 8; round += 1) {
      const run = startRefresh(t, home, 'forever');
      await new Promise<void>((resolve) => run.child.stdout.once('data', resolve));
      // Not a wait for anything: the moment is what differs.
      await delay(round * 23);
      run.child.kill('SIGKILL');
      await run.ended;
      await refresh(home);
      assertSameAnswers(home);
    }
  });

  it('answer searches while another one makes the index anew all the time', async (t) => {
    const sessions = await createSessions(t);
    const home = homeOf(sessions);
    fill(sessions, 50);
    const run = startRefresh(t, home, 'forever');
    const known = new Set(scan(home, 'parser').map(({ sessionId }) => sessionId));
    const deadline = performance.now() + 3000;
    while (performance.now() < deadline || run.output().split('\n').length < 3) {
      // The index may vanish in the middle of a search, which then reads the journals.
      const hits = searchIndexOf(home, 'parser', undefined, silentLog);
      for (const { sessionId } of hits) assert.ok(known.has(sessionId));
      await delay(5);
    }
    run.child.kill('SIGKILL');
    await run.ended;
    assert.equal(run.errors(), '');
    await refresh(home);
    assertSameAnswers(home);
  });
});
