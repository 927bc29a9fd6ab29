import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HoldfastError } from '../../../src/core/common/errors.ts';
import { interpretEscapes } from '../../../src/core/terminals/inputEscapes.ts';

void describe('a text with escapes', () => {
  void it('stands for what is typed', () => {
    const expected = new Map([
      [String.raw`y\n`, '790a'],
      [String.raw`\r\t\e\b\a\0`, '0d091b080700'],
      [String.raw`\x03\xff`, '03ff'],
      [String.raw`\\n`, '5c6e'],
      [String.raw`\u00e9`, 'c3a9'],
      ['grün', '6772c3bc6e'],
      ['', ''],
    ]);
    for (const [text, hex] of expected) assert.equal(interpretEscapes(text).toString('hex'), hex);
  });

  void it('is refused with an escape that is none', () => {
    for (const text of [String.raw`\q`, String.raw`\x4`, 'end\\']) {
      assert.throws(
        () => interpretEscapes(text),
        (error) => HoldfastError.is(error, 'input.invalid'),
      );
    }
  });
});
