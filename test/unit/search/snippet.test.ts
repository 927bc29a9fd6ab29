import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseQuery } from '../../../src/core/search/query.ts';
import { snippetOf } from '../../../src/core/search/snippet.ts';
import { patternOf } from '../../../src/core/search/wordPattern.ts';

/** The snippet with its matches between brackets. */
function snippet(line: string, query: string): string {
  const { text, ranges } = snippetOf(line, parseQuery(query).terms.map(patternOf));
  let marked = '';
  let end = 0;
  for (const range of ranges) {
    marked += `${text.slice(end, range.start)}[${text.slice(range.start, range.end)}]`;
    end = range.end;
  }
  return marked + text.slice(end);
}

describe('snippetOf', () => {
  it('marks the beginnings that were looked for', () => {
    assert.equal(snippet('  The parser parses it.', 'pars'), 'The [pars]er [pars]es it.');
  });

  it('marks whole words only where those were looked for', () => {
    assert.equal(snippet('a cat, a catalogue', '"cat"'), 'a [cat], a catalogue');
  });

  it('marks what has accents, capitals and wide letters in the text', () => {
    assert.equal(snippet('Une Crème brûlée', 'creme BRULEE'), 'Une [Crème] [brûlée]');
    assert.equal(snippet('e\u0301te\u0301 fini', 'ete'), '[e\u0301te\u0301] fini');
    assert.equal(snippet('ＡＢＣ', 'abc'), '[ＡＢＣ]');
  });

  it('marks characters within a run of them', () => {
    assert.equal(snippet('全文検索は便利', '検索'), '全文[検索]は便利');
  });

  it('marks a sequence with the signs in it', () => {
    assert.equal(snippet('open src/a.ts now', 'src/a.ts'), 'open [src/a.ts] now');
  });

  it('shows the part of a long line where the match is', () => {
    const line = `${'before '.repeat(100)}needle ${'after '.repeat(100)}`;
    const shown = snippet(line, 'needle');
    assert.match(shown, /^…[\w ]{30,45}\[needle\] after .*…$/);
    assert.ok(shown.length < 170);
  });

  it('finds the match in a line of a megabyte', () => {
    const line = `${'x '.repeat(500_000)}needle`;
    assert.match(snippet(line, 'needle'), /^…[x ]+\[needle\]$/);
  });

  it('shows no control characters', () => {
    assert.equal(snippet('a\tb\u0007c\u001b needle', 'needle'), 'a b c  [needle]');
  });

  it('gives ranges within the text, in order, none touching another', () => {
    const words = fc.constantFrom('ab', 'Äb', '検索', 'c', '😀', ' ', '-', 'x'.repeat(50));
    const lines = fc.array(words, { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(lines, fc.constantFrom('ab', '検', 'c "ab"', 'xx'), (line, query) => {
        const { text, ranges } = snippetOf(line, parseQuery(query).terms.map(patternOf));
        let end = -1;
        for (const range of ranges) {
          assert.ok(range.start > end || (end === -1 && range.start === 0) || range.start === end);
          assert.ok(range.end > range.start && range.end <= text.length);
          end = range.end;
        }
        assert.equal(Buffer.from(text).toString(), text);
        assert.ok(text.length <= 162);
      }),
    );
  });
});
