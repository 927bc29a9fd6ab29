import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LineFilter } from '../../../src/cli/lineFilter.ts';

function filtered(pattern: RegExp, text: string, pieceBytes: number): string {
  const filter = new LineFilter(pattern);
  const bytes = Buffer.from(text);
  let kept = '';
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    kept += filter.take(bytes.subarray(at, at + pieceBytes));
  }
  return kept + filter.finish();
}

describe('LineFilter', () => {
  it('keeps matching lines, wherever the pieces are cut', () => {
    for (const pieceBytes of [1, 2, 3, 7, 1000]) {
      assert.equal(
        filtered(/ř$|^b/, 'kůň\nkeř\nbbb\n\nabc\nb', pieceBytes),
        'keř\nbbb\nb',
        `in pieces of ${pieceBytes}`,
      );
    }
  });

  it('looks at lines without their line ends, and prints them with these', () => {
    assert.equal(filtered(/end$/, 'the end\r\nendless\r\n', 1000), 'the end\r\n');
    assert.equal(filtered(/^$/, 'a\n\nb\n', 1000), '\n');
  });
});
