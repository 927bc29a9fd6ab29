import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SequenceScanner } from '../../../src/core/terminals/sequenceScanner.ts';

const ESC = '\x1b';
const PIECES = [
  'text',
  'grüße 日本 🙂',
  `${ESC}[31m`,
  `${ESC}[38;2;1;2;3m`,
  `${ESC}]0;title\x07`,
  `${ESC}]8;;https://example.org${ESC}\\link${ESC}]8;;${ESC}\\`,
  `${ESC}]633;A\x07`,
  `${ESC}P+r1234${ESC}\\`,
  `${ESC}(0`,
  `${ESC}7`,
  '\r\n',
];

void describe('the scanner', () => {
  void it('loses nothing, and cuts neither characters nor sequences', () => {
    const streams = fc.array(fc.constantFrom(...PIECES), { maxLength: 20 });
    const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(streams, cuts, (pieces, sizes) => {
        const scanner = new SequenceScanner();
        const stream = Buffer.from(pieces.join(''));
        const got: Buffer[] = [];
        for (let at = 0, i = 0; at < stream.length; i += 1) {
          const end = at + (sizes[i % sizes.length] ?? 1);
          const { all } = scanner.scan(stream.subarray(at, end));
          assert.doesNotMatch(all.toString('utf8'), /\uFFFD/);
          got.push(Buffer.from(all));
          at = end;
        }
        assert.equal(Buffer.concat([...got, scanner.finish()]).toString(), stream.toString());
      }),
    );
  });

  void it('holds back a sequence until it is whole', () => {
    const scanner = new SequenceScanner();
    assert.equal(scanner.scan(Buffer.from(`a${ESC}[3`)).all.toString(), 'a');
    assert.equal(scanner.scan(Buffer.from('1mb')).all.toString(), `${ESC}[31mb`);
  });

  void it('lets go of a sequence without an end', () => {
    const scanner = new SequenceScanner();
    const { all } = scanner.scan(
      Buffer.concat([Buffer.from(`${ESC}]52;c;`), Buffer.alloc(2 << 20, 'x')]),
    );
    assert.ok(all.length > 2 << 20);
  });

  void it('passes bytes that are no text as they are', () => {
    const bytes = Buffer.from([0xff, 0xc3, 0x28, 0x00, 0x80]);
    assert.deepEqual(new SequenceScanner().scan(bytes).all, bytes);
  });

  void it('keeps what the screen answers from terminals, and what one answers from the others', () => {
    const scan = (text: string): string[] => {
      const { shown, shownToOthers } = new SequenceScanner().scan(Buffer.from(text));
      return [shown.toString(), shownToOthers.toString()];
    };
    for (const query of [
      '[c',
      '[>c',
      '[0c',
      '[6n',
      '[?6n',
      '[5n',
      '[?2026$p',
      '[>q',
      '[18t',
      '[?u',
    ]) {
      assert.deepEqual(scan(`a${ESC}${query}b`), ['ab', 'ab'], query);
    }
    for (const query of [']11;?\x07', ']10;?\x1b\\', ']4;3;?\x07', 'P+q544e\x1b\\', '[14t']) {
      assert.deepEqual(scan(`a${ESC}${query}b`), [`a${ESC}${query}b`, 'ab'], query);
    }
    for (const other of [
      '[31m',
      ']11;#123456\x07',
      '[2J',
      '[?25l',
      '[8;24;80t',
      ']52;c;aGk=\x07',
    ]) {
      assert.deepEqual(scan(`a${ESC}${other}b`), [`a${ESC}${other}b`, `a${ESC}${other}b`], other);
    }
  });
});
