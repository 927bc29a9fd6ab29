import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PlainText } from '../../../src/core/tasks/plainText.ts';

function clean(...chunks: string[]): string {
  const plain = new PlainText();
  return chunks.map((chunk) => plain.push(chunk)).join('') + plain.end();
}

function expectClean(cases: readonly (readonly [raw: string, plain: string])[]): void {
  for (const [raw, plain] of cases) assert.equal(clean(raw), plain, JSON.stringify(raw));
}

describe('plain text of terminal output', () => {
  it('leaves text, tabs, newlines and other alphabets as they are', () => {
    const text = 'a\tb\n\n  漢字 ✓ 👩‍👩‍👧 é\nlast';
    assert.equal(clean(text), text);
  });

  it('drops colours, titles, links, modes and character sets', () => {
    expectClean([
      ['\x1b[1;31mred\x1b[0m\n', 'red\n'],
      ['\x1b[38:2:1:2:3mtrue colour\x1b[m', 'true colour'],
      ['\x1b]0;title\x07text', 'text'],
      ['\x1b]8;;https://x.test\x1b\\link\x1b]8;;\x1b\\', 'link'],
      ['\x1b[?25l\x1b[?2004hhidden cursor\x1b[?25h', 'hidden cursor'],
      ['\x1b(B\x1b=\x1b7text\x1b8', 'text'],
      ['\x1bPq#0;2;0;0;0~~\x1b\\after a picture', 'after a picture'],
      ['\x1b_Gdata\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\x', 'x'],
      ['\u009b31mred\u009b0m \u009dtitle\u009ctext', 'red text'],
      ['up\n\x1b[1Aover\n', 'up\nover\n'],
    ]);
  });

  it('keeps of a line drawn over only how it looked in the end', () => {
    expectClean([
      ['10%\r50%\r100%\n', '100%\n'],
      ['windows\r\nlines\r\r\n', 'windows\nlines\n'],
      ['kept\r\x1b[0m\n', 'kept\n'],
      ['a long line\rshort\n', 'short\n'],
      ['loading\x1b[2K\x1b[1Gdone\n', 'done\n'],
      ['loading\r\x1b[Kdone\n', 'done\n'],
      ['loading\r\x1b[K\n', '\n'],
      ['Starting\r\x1b[20C[ OK ]\n', 'Starting            [ OK ]\n'],
      ['|\b/\b-\b\\ done\n', '\\ done\n'],
      ['N\bNA\bAM\bME\bE\n', 'NAME\n'],
      ['👍\b!\n', '!\n'],
      ['a\b\b\b\bb\n', 'b\n'],
    ]);
  });

  it('begins a new line where a program draws elsewhere on the screen', () => {
    expectClean([
      ['one\x1b[5;1Htwo\x1b[6;1Hthree', 'one\ntwo\nthree'],
      ['old\x1b[2J\x1b[Hnew', 'old\nnew'],
      ['far\x1b[4Caway', 'far    away'],
    ]);
  });

  it('shows or drops other control characters', () => {
    expectClean([
      ['a\0b\x07c', 'abc'],
      ['^C is \x03', '^C is ␃'],
      ['del\x7f', 'del␡'],
      ['page\fnext\vline\u0085end', 'page\nnext\nline\nend'],
    ]);
  });

  it('loses no more than a line to an escape that came by chance', () => {
    expectClean([
      ['\x1b]no end\nnext', '\nnext'],
      ['\x1bP binary\nnext', '\nnext'],
      ['\x1b[12\nnext', '\nnext'],
      ['\x1b]cancelled\x18text', 'text'],
    ]);
  });

  it('cuts a line that is too long, says by how much, and goes on with the next', () => {
    const plain = new PlainText({ maxLineChars: 10 });
    const out = plain.push(`${'x'.repeat(25)}\nnext\n`);
    assert.equal(out, 'xxxxxxxxxx … [15 more characters of this line are in the log]\nnext\n');
    assert.equal(plain.push('1234567890\n'), '1234567890\n');
    assert.match(plain.push('123456789😀\n'), /^123456789 … \[1 more/);
  });

  it('holds little of a line of 50 MB', () => {
    const plain = new PlainText();
    const chunk = 'x'.repeat(1024 * 1024);
    for (let count = 0; count < 50; count += 1) assert.equal(plain.push(chunk), '');
    assert.ok(plain.push('\n').length < 21_000);
  });

  it('gives an unfinished line when asked, and goes on after it', () => {
    const plain = new PlainText();
    plain.push('Continue? ');
    assert.equal(plain.pause(), 'Continue? ');
    assert.equal(plain.pause(), '');
    assert.equal(plain.push('yes\nnext\n'), 'yes\nnext\n');
    plain.push('10%');
    assert.equal(plain.pause(), '10%');
    assert.equal(plain.push('\r20%'), '\n');
    assert.equal(plain.pause(), '20%');
  });

  it('keeps a line back that is being drawn over, until it is done', () => {
    const plain = new PlainText();
    plain.push('10%\r');
    assert.equal(plain.pause(), '');
    plain.push('20%');
    assert.equal(plain.pause(), '');
    assert.equal(plain.push('\r100%\n'), '100%\n');
  });

  const piece = fc.oneof(
    fc.constantFrom('\x1b[', '\x1b]', '\x1bP', '\x1b', '\x1b\\', '\x07', '\r', '\n', '\b', '\0'),
    fc.constantFrom(
      '\x1b[2K',
      '\x1b[31m',
      '\x1b[5G',
      '\x1b[3C',
      '\x1b[H',
      '\x1b[2J',
      '\u009b',
      '😀',
    ),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({ maxLength: 12 }),
  );
  const output = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

  it('gives the same wherever the output is cut into pieces', () => {
    fc.assert(
      fc.property(output, fc.array(fc.nat({ max: 200 }), { maxLength: 12 }), (text, cuts) => {
        const ends = [...cuts.filter((cut) => cut < text.length), text.length].sort(
          (a, b) => a - b,
        );
        const chunks = ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
        const whole = new PlainText({ maxLineChars: 15 });
        const cut = new PlainText({ maxLineChars: 15 });
        const expected = whole.push(text) + whole.end();
        assert.equal(chunks.map((chunk) => cut.push(chunk)).join('') + cut.end(), expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives no control character but tab and newline, whatever comes', () => {
    fc.assert(
      fc.property(output, (text) => {
        assert.doesNotMatch(clean(text), /[^\P{Cc}\t\n]/u);
      }),
    );
  });
});
