import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { compressJournal } from '../../../src/core/sessions/compressJournal.ts';
import {
  homeOf,
  idsOf,
  refresh,
  scan,
  searchIndexOf,
  toolResult,
  writeSession,
} from '../../support/searching.ts';
import { createSessions, createWith, userMessage } from '../../support/sessions.ts';
import { describeWithSqlite } from '../../support/sqliteNode.ts';

/** Few, so that they meet; of every kind that is treated differently. */
const words = fc.constantFrom(
  ...['parser', 'parse', 'pars', 'par', 'pa', 'p', 'Parser', 'PAR', 'naïve', 'NAIVE', 'nai'],
  ...[
    '検索',
    '検',
    '索引',
    'が',
    'か',
    '한국',
    'สวัสดี',
    'ёлка',
    'елка',
    'İx',
    'ΣΑΣ',
    'σας',
    'ｐａｒ',
  ],
  ...[
    'foo_bar',
    'foo',
    'bar',
    'a.b/c',
    '7',
    '7a',
    '1\ufe0f\u20e3',
    '✅',
    '—',
    '"',
    '*',
    '\0',
    '\ue000',
    '😀',
  ],
  ...['NOT', 'OR', 'AND', 'NEAR(', 'text:', '^foo', '\u001b[1mfoo', 'ñandú', '𝒜b', 'a𝒜'],
);
const texts = fc
  .array(fc.tuple(words, fc.constantFrom(' ', ' ', '\n', '', ', ')), { maxLength: 12 })
  .map((parts) => parts.map(([word, end]) => word + end).join(''));
/** Some are far from the next one, in another block. */
const longTexts = fc
  .tuple(texts, fc.constantFrom(0, 0, 0, 20_000))
  .map(([text, count]) => text + ' filler'.repeat(count));
const queries = fc.oneof(
  words,
  texts,
  fc.array(words, { minLength: 1, maxLength: 3 }).map((some) => some.join(' ')),
  fc.array(words, { minLength: 1, maxLength: 3 }).map((some) => `"${some.join(' ')}"`),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const journals = fc.array(fc.array(longTexts, { maxLength: 5 }), { minLength: 1, maxLength: 5 });

describeWithSqlite(import.meta.filename, 'the index and the journals', () => {
  it('give the same answers', async (t) => {
    const property = fc.asyncProperty(
      journals,
      fc.array(queries, { minLength: 1, maxLength: 12 }),
      fc.nat(4),
      async (sessionTexts, asked, packed) => {
        const sessions = await createSessions(t);
        const home = homeOf(sessions);
        for (const [index, own] of sessionTexts.entries()) {
          sessions.clock.nowMs += 1000;
          const lines = own.map((text, at) =>
            at % 2 === 0 ? userMessage(text) : toolResult(text),
          );
          createWith(sessions, `s${String(index)}`, lines);
          if (index === packed) compressJournal(sessions.files(`s${String(index)}`));
        }
        await refresh(home);
        for (const query of asked) {
          assert.deepEqual(searchIndexOf(home, query), scan(home, query), JSON.stringify(query));
        }
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  it('give the same answers after every addition', async (t) => {
    const property = fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(2), longTexts, queries), { minLength: 1, maxLength: 12 }),
      async (steps) => {
        const sessions = await createSessions(t);
        const home = homeOf(sessions);
        const open = [0, 1, 2].map((number) => createWith(sessions, `s${String(number)}`));
        for (const [number, text, query] of steps) {
          sessions.clock.nowMs += 1000;
          open[number]?.append(userMessage(text));
          await refresh(home);
          assert.deepEqual(searchIndexOf(home, query), scan(home, query), JSON.stringify(query));
        }
      },
    );
    await fc.assert(property, { numRuns: 30 });
  });

  for (const [script, query, whole, first, second] of [
    ['words', '"out of memory"', 'it ran out of memory', 'all paid out', 'of memory and time'],
    ['letters beyond ASCII', '"très élégant café"', 'un très élégant café', 'très', 'élégant café'],
    ['characters without spaces', '全文検索', '全文検索の話', 'これは全文', '検索です'],
  ] as const) {
    it(`find a sequence of ${script} where it stands, and not from one text to the next`, async (t) => {
      const sessions = await createSessions(t);
      const home = homeOf(sessions);
      // In a later block than the sequence itself.
      const far = 'filler '.repeat(10_000);
      for (const [id, texts] of [
        ['both', [whole, far, first, second]],
        ['apart', [first, second]],
        ['marked', [`${first} \ue000`, `\ue000 ${second}`]],
      ] as const) {
        writeSession(sessions, id, [...texts]);
      }
      writeSession(sessions, 'packed', [whole, far, first, second]);
      compressJournal(sessions.files('packed'));
      await refresh(home);
      const found = searchIndexOf(home, query);
      assert.deepEqual(idsOf(found).sort(), ['both', 'packed']);
      assert.deepEqual(found, scan(home, query));
    });
  }

  it('know no word for what stands between two texts', async (t) => {
    const sessions = await createSessions(t);
    const home = homeOf(sessions);
    writeSession(sessions, 'one', ['out', 'of memory', 'a \ue000 b']);
    await refresh(home);
    for (const query of [
      '\ue000',
      '"\ue000"',
      '\ue000*',
      '"out \ue000 of"',
      '"\ue000 memory \ue000 a"',
    ]) {
      assert.deepEqual(searchIndexOf(home, query), [], JSON.stringify(query));
      assert.deepEqual(scan(home, query), [], JSON.stringify(query));
    }
    assert.equal(searchIndexOf(home, '"a \ue000 b"').length, 1);
  });
});
