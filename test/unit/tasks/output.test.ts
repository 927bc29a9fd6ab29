import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { HoldfastError } from '../../../src/core/common/errors.ts';
import { countLines, offsetOfTail, readOutput } from '../../../src/core/tasks/output.ts';
import { tempDir, type Cleanup } from '../../support/tempDir.ts';

interface Log {
  readonly directory: string;
  readonly write: (bytes: Buffer | string, droppedBytes?: number) => void;
}

/** A task directory with nothing but a log in it. */
async function makeLog(test: Cleanup): Promise<Log> {
  const directory = path.join(await tempDir(test), 'bash_1');
  mkdirSync(directory);
  return {
    directory,
    write(bytes, droppedBytes = 0) {
      const whole = Buffer.from(bytes);
      whole.fill(0, 0, droppedBytes);
      writeFileSync(path.join(directory, 'output.log'), whole);
      writeFileSync(path.join(directory, 'dropped'), `${droppedBytes}\n`);
    },
  };
}

/** Text of all widths, broken characters, newlines, and bytes at random. */
const bytes = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }).map((text) => Buffer.from(text)),
      fc.constantFrom('\n', '\r\n', 'ä', '日本', '🙂').map((text) => Buffer.from(text)),
      fc
        .constantFrom([0xf0, 0x9f], [0xe2, 0x82], [0xc3], [0xff], [0x80, 0xbf])
        .map((array) => Buffer.from(array)),
      fc.uint8Array({ maxLength: 6 }).map((array) => Buffer.from(array)),
    ),
    { maxLength: 20 },
  )
  .map((parts) => Buffer.concat(parts));

void describe('readOutput', () => {
  void it('gives in pieces of any size what it gives in one', async (test) => {
    const { directory, write } = await makeLog(test);
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(bytes, sizes, fc.boolean(), (log, maxBytes, includePartialLine) => {
        write(log);
        let text = '';
        let from = 0;
        for (let round = 0; from < log.length; round += 1) {
          const size = maxBytes[round % maxBytes.length] ?? 1;
          const options = {
            from,
            continues: true,
            maxBytes: size,
            isOver: true,
            includePartialLine,
          };
          const range = readOutput(directory, options);
          assert.ok(range.to > from, `stuck at ${from}`);
          assert.equal(range.from, from);
          text += range.text;
          from = range.to;
        }
        assert.equal(text, log.toString('utf8'));
      }),
      { numRuns: 500 },
    );
  });

  void it('gives to a reader of a growing log what it gives in one', async (test) => {
    const { directory, write } = await makeLog(test);
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 8 }), fc.boolean(), (parts, includePartialLine) => {
        let log = Buffer.alloc(0);
        let from = 0;
        let text = '';
        const read = (isOver: boolean): void => {
          const options = { from, continues: true, isOver, includePartialLine };
          const range = readOutput(directory, options);
          text += range.text;
          from = range.to;
        };
        for (const part of parts) {
          log = Buffer.concat([log, part]);
          write(log);
          read(false);
        }
        write(log);
        read(true);
        assert.equal(text, log.toString('utf8'));
      }),
      { numRuns: 200 },
    );
  });

  void it('never shows a part of a character to a reader that starts in the middle of it', async (test) => {
    const { directory, write } = await makeLog(test);
    const text = fc.array(fc.constantFrom('a', 'ä', '€', '🙂', '\n'), { minLength: 1 });
    fc.assert(
      fc.property(text, fc.nat(), (characters, at) => {
        const log = Buffer.from(characters.join(''));
        write(log);
        const range = readOutput(directory, { from: at % log.length, isOver: true });
        assert.doesNotMatch(range.text, /\uFFFD/);
        assert.ok(characters.join('').endsWith(range.text));
        assert.equal(range.to, log.length);
      }),
    );
  });

  void it('keeps back a line that is not complete, until it is asked for or the task is over', async (test) => {
    const { directory, write } = await makeLog(test);
    write('one\ntwo\nthr');
    const options = { from: 0, isOver: false };
    assert.equal(readOutput(directory, options).text, 'one\ntwo\n');
    assert.equal(
      readOutput(directory, { ...options, includePartialLine: true }).text,
      'one\ntwo\nthr',
    );
    assert.equal(readOutput(directory, { ...options, isOver: true }).text, 'one\ntwo\nthr');
    assert.equal(readOutput(directory, { ...options, from: 8 }).text, '');
  });

  void it('ends a full piece with a line, unless the line is longer than the piece', async (test) => {
    const { directory, write } = await makeLog(test);
    write('one\ntwo\na long line\n');
    const first = readOutput(directory, { from: 0, maxBytes: 6, isOver: false });
    assert.deepEqual([first.text, first.to, first.endOffset], ['one\n', 4, 20]);
    const long = readOutput(directory, { from: 8, maxBytes: 6, isOver: false });
    assert.deepEqual([long.text, long.to], ['a long', 14]);
  });

  void it('skips what was dropped and the rest of the line that was cut', async (test) => {
    const { directory, write } = await makeLog(test);
    write('zero\none\ntwo\nthree\n', 6);
    const range = readOutput(directory, { from: 0, isOver: false });
    assert.deepEqual([range.text, range.from, range.droppedBytes], ['two\nthree\n', 9, 6]);
    const within = readOutput(directory, { from: 10, isOver: false });
    assert.deepEqual([within.text, within.droppedBytes], ['wo\nthree\n', 0]);
  });

  void it('gives nothing beyond the end, and nothing of an empty log', async (test) => {
    const { directory, write } = await makeLog(test);
    write('one\n');
    const beyond = readOutput(directory, { from: 99, isOver: false });
    assert.deepEqual([beyond.text, beyond.to, beyond.endOffset], ['', 4, 4]);
    write('');
    assert.deepEqual(readOutput(directory, { from: 0, isOver: true }).text, '');
  });

  void it('says when the log is gone', async (test) => {
    const { directory } = await makeLog(test);
    assert.throws(
      () => readOutput(directory, { from: 0, isOver: true }),
      (error) => HoldfastError.is(error, 'task.logMissing'),
    );
  });
});

void describe('offsetOfTail', () => {
  void it('finds the beginning of the last lines, as tail(1) counts them', async (test) => {
    const { directory, write } = await makeLog(test);
    const lines = fc.array(fc.stringMatching(/^[a-zä]{0,5}$/), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(
        lines,
        fc.boolean(),
        fc.integer({ min: 1, max: 35 }),
        (words, isClosed, count) => {
          const text = words.join('\n') + (isClosed ? '\n' : '');
          write(text);
          const isEnded = text.endsWith('\n');
          const all = text.split('\n').slice(0, isEnded ? -1 : undefined);
          const expected = all.slice(-count).join('\n') + (isEnded ? '\n' : '');
          const tail = Buffer.from(text).subarray(offsetOfTail(directory, count)).toString();
          assert.equal(tail, expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  void it('looks no further back than what is kept, or than it may', async (test) => {
    const { directory, write } = await makeLog(test);
    write('one\ntwo\nthree\n', 4);
    assert.equal(offsetOfTail(directory, 10), 4);
    write('one\ntwo\nthree\n');
    assert.equal(offsetOfTail(directory, 10, 6), 8);
  });

  void it('finds lines that are longer than its buffer', async (test) => {
    const { directory, write } = await makeLog(test);
    const long = 'x'.repeat(200_000);
    write(`first\n${long}\nlast\n`);
    assert.equal(offsetOfTail(directory, 2), 6);
    assert.equal(offsetOfTail(directory, 3), 0);
  });
});

void describe('countLines', () => {
  void it('counts the lines that end after an offset', async (test) => {
    const { directory, write } = await makeLog(test);
    write('one\ntwo\nthr');
    assert.deepEqual(
      [0, 1, 4, 8].map((from) => countLines(directory, from)),
      [2, 2, 1, 0],
    );
  });
});
