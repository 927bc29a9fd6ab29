import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { foldLine, foldText } from '../../../src/core/search/foldText.ts';
import { wordsOf } from '../../../src/core/search/query.ts';

const texts = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      'a',
      'É',
      'e\u0301',
      'ß',
      '検',
      'が',
      '한',
      'ส',
      'ひ',
      '\n',
      ' ',
      '—',
      '✅\ufe0f',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
});

describe('foldText', () => {
  it('leaves ASCII as it is', () => {
    const text = 'Any TEXT\twith\nsigns: {"a": [1]}\0';
    assert.equal(foldText(text), text);
  });

  it('folds a text the same, composed or not', () => {
    fc.assert(
      fc.property(texts, (text) => {
        assert.deepEqual(wordsOf(text.normalize('NFD')), wordsOf(text.normalize('NFC')));
      }),
    );
  });

  it('changes nothing the second time, but for spaces', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const once = foldText(text);
        assert.equal(foldText(once).replaceAll(/ +/g, ' '), once.replaceAll(/ +/g, ' '));
      }),
    );
  });

  it('keeps every newline', () => {
    fc.assert(
      fc.property(texts, (text) => {
        assert.equal(foldText(text).split('\n').length, text.split('\n').length);
      }),
    );
  });

  it('sets characters of scripts without spaces apart', () => {
    assert.deepEqual(foldText('全文検索は便利').trim().split(/\s+/), Array.from('全文検索は便利'));
  });

  it('leaves no half of a character', () => {
    assert.equal(foldText('a\ud83db\ude00c'), 'a b c');
  });
});

describe('foldLine', () => {
  it('folds as the whole text is folded, and says where each unit comes from', () => {
    fc.assert(
      fc.property(texts, (line) => {
        const { text, origins } = foldLine(line);
        assert.equal(text, foldText(line));
        assert.equal(origins.length, text.length + 1);
        assert.ok(origins.every((at, index) => index === 0 || at >= (origins[index - 1] ?? 0)));
        assert.equal(origins.at(-1), line.length);
      }),
    );
  });
});
