import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { compressJournal } from '../../../src/core/sessions/compressJournal.ts';
import { homeOf, refresh, scan, searchIndexOf, toolResult } from '../../support/searching.ts';
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
});
