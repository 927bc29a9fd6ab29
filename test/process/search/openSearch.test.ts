import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { silentLog } from '../../../src/core/common/log.ts';
import { openSearch, type Search } from '../../../src/core/search/openSearch.ts';
import { homeOf, idsOf, scan, writeSession } from '../../support/searching.ts';
import { createSessions, createWith, userMessage } from '../../support/sessions.ts';
import { describeWithSqlite } from '../../support/sqliteNode.ts';
import { indexerBundle } from '../../support/indexerBundle.ts';
import type { Cleanup } from '../../support/tempDir.ts';

// The threads search the transcripts of agents as well, but not those of whoever runs the tests.
process.env['CLAUDE_CONFIG_DIR'] = path.join(import.meta.dirname, 'no-such-directory');

const everything = { limit: 50, workspace: undefined };

async function openFor(test: Cleanup, home: string): Promise<Search> {
  const indexerScript = await indexerBundle();
  const search = openSearch({ home, log: silentLog, indexerScript });
  test.after(() => search.close());
  return search;
}

/** What holds with an index and without. */
function describeSearch(): void {
  it('answers off the caller’s thread', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'one', [userMessage('the parser')]);
    const search = await openFor(t, homeOf(sessions));
    await search.refresh();
    const { hits, isComplete } = await search.search('pars', everything);
    assert.equal(isComplete, true);
    assert.deepEqual(hits, scan(homeOf(sessions), 'pars'));
  });

  it('finds what was said a moment ago once it has looked', async (t) => {
    const sessions = await createSessions(t);
    const one = createWith(sessions, 'one', [userMessage('the parser')]);
    const search = await openFor(t, homeOf(sessions));
    await search.refresh();
    one.append(userMessage('the lexer'));
    await search.refresh();
    assert.deepEqual(idsOf((await search.search('lexer', everything)).hits), ['one']);
  });

  it('gives up a search that nobody waits for', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'one', [userMessage('the parser')]);
    const search = await openFor(t, homeOf(sessions));
    const typing = ['p', 'pa', 'par'].map((text) => {
      const controller = new AbortController();
      const answer = search.search(text, { ...everything, signal: controller.signal });
      controller.abort();
      return answer;
    });
    const last = search.search('pars', everything);
    for (const answer of typing) await assert.rejects(answer, { name: 'AbortError' });
    assert.ok((await last).hits.length <= 1);
    const aborted = { ...everything, signal: AbortSignal.abort() };
    await assert.rejects(search.search('pars', aborted), { name: 'AbortError' });
  });

  it('rejects what is asked when it is closed, and lets the program end', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'one', [userMessage('the parser')]);
    const search = await openFor(t, homeOf(sessions));
    const answer = search.search('pars', everything);
    const rejected = assert.rejects(answer, /closed/);
    await search.close();
    await rejected;
    await assert.rejects(search.search('pars', everything), /closed/);
    await assert.rejects(search.refresh(), /closed/);
  });

  it('finds nothing where there is no home', async (t) => {
    const sessions = await createSessions(t);
    const search = await openFor(t, path.join(homeOf(sessions), 'missing'));
    await search.refresh();
    assert.deepEqual((await search.search('pars', everything)).hits, []);
  });
}

if (!isBuiltin('node:sqlite')) describe('openSearch without SQLite', describeSearch);

describeWithSqlite(import.meta.filename, 'openSearch', () => {
  describeSearch();

  it('indexes a large store with a thread that reads ahead', async (t) => {
    const sessions = await createSessions(t);
    for (let number = 0; number < 12; number += 1) {
      const text = Array.from({ length: 100_000 }, (_, index) => `w${String(index * number)}`);
      writeSession(sessions, `s${String(number)}`, [
        'first',
        text.join(' '),
        `needle${String(number)}`,
      ]);
    }
    const search = await openFor(t, homeOf(sessions));
    const seen: number[] = [];
    const result = await search.refresh({ onProgress: ({ doneFiles }) => seen.push(doneFiles) });
    assert.deepEqual(result, { isComplete: true, readFiles: 12, goneFiles: 0 });
    assert.equal(seen.at(-1), 12);
    for (const query of ['needle7', 'w99999', 'first needle', 'w1']) {
      const { hits } = await search.search(query, everything);
      assert.deepEqual(hits, scan(homeOf(sessions), query), query);
    }
  });

  it('can be stopped while it indexes, and goes on later', async (t) => {
    const sessions = await createSessions(t);
    for (let number = 0; number < 300; number += 1) {
      writeSession(sessions, `s${String(number)}`, [`needle${String(number)}`]);
    }
    const search = await openFor(t, homeOf(sessions));
    const controller = new AbortController();
    const stopped = await search.refresh({
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    });
    const rest = await search.refresh();
    assert.equal(stopped.readFiles + rest.readFiles, 300);
    assert.equal(rest.isComplete, true);
    assert.equal((await search.search('needle299', everything)).hits.length, 1);
  });

  it('joins calls that come while it indexes', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'one', [userMessage('the parser')]);
    const search = await openFor(t, homeOf(sessions));
    const results = await Promise.all([search.refresh(), search.refresh()]);
    assert.deepEqual(results[0], results[1]);
  });
});
