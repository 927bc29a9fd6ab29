import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { anchorOf, parseQuery, wordsOf } from '../../../src/core/search/query.ts';

/** Terms as they are written: `word*` for a beginning. */
function termsOf(text: string): string[] {
  return parseQuery(text).terms.map(
    ({ words, isPrefix, isShort }) =>
      `${words.join(' ')}${isPrefix ? '*' : ''}${isShort ? ' (short)' : ''}`,
  );
}

describe('parseQuery', () => {
  it('takes words for beginnings of words', () => {
    assert.deepEqual(termsOf('Parser BUG'), ['parser*', 'bug* (short)']);
  });

  it('takes one letter or digit for itself', () => {
    assert.deepEqual(termsOf('x 7 é'), ['x', '7', 'e']);
  });

  it('takes quoted words for a sequence of whole words', () => {
    assert.deepEqual(termsOf('"out of memory" heap'), ['out of memory', 'heap*']);
    assert.deepEqual(termsOf('“out of memory”'), ['out of memory']);
  });

  it('takes the last quoted word for a beginning when a star follows', () => {
    assert.deepEqual(termsOf('"out of mem"*'), ['out of mem*']);
  });

  it('takes a quote that is not closed yet for one that is', () => {
    assert.deepEqual(termsOf('heap "out of'), ['heap*', 'out of']);
  });

  it('takes names with signs in them for sequences', () => {
    assert.deepEqual(termsOf('foo_bar src/a.ts --no-color'), [
      'foo bar*',
      'src a ts*',
      'no color*',
    ]);
  });

  it('takes characters of scripts without spaces for sequences', () => {
    assert.deepEqual(termsOf('検索 第3章 한국어'), ['検 索', '第 3 章', '한 국 어']);
  });

  it('folds accents, capitals and wide letters', () => {
    assert.deepEqual(wordsOf('Crème BRÛLÉE ＡＢＣ Ёлка ΣΊΣΥΦΟΣ İstanbul'), [
      'creme',
      'brulee',
      'abc',
      'елка',
      'σισυφοσ',
      'istanbul',
    ]);
  });

  it('finds nothing to look for in signs', () => {
    assert.deepEqual(termsOf(' !?* "" () -- '), []);
  });

  it('drops what is asked for twice', () => {
    assert.deepEqual(termsOf('error Error ERROR "error"'), ['error*', 'error']);
  });

  it('understands any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const { terms } = parseQuery(text);
        assert.ok(terms.length <= 16);
        for (const { words } of terms) {
          assert.ok(words.length > 0);
          for (const word of words) assert.match(word, /^[a-z0-9\u0080-\uffff]+$/);
        }
      }),
    );
  });
});

describe('anchorOf', () => {
  it('chooses the longest term', () => {
    assert.deepEqual(anchorOf(parseQuery('a parser bug'))?.words, ['parser']);
    assert.deepEqual(anchorOf(parseQuery('parser "of a kind"'))?.words, ['of', 'a', 'kind']);
  });

  it('chooses a short one only when there is no other', () => {
    assert.deepEqual(anchorOf(parseQuery('bug a'))?.words, ['a']);
    assert.deepEqual(anchorOf(parseQuery('go bug'))?.words, ['bug']);
  });
});
