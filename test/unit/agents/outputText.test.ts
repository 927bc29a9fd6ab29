import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { readEnds } from '../../../src/core/agents/tools/outputEnds.ts';
import {
  compileFilter,
  MAX_TEXT_BYTES,
  readText,
} from '../../../src/core/agents/tools/outputText.ts';
import { tempDir } from '../../support/tempDir.ts';

async function logOf(test: TestContext, bytes: string | Uint8Array): Promise<string> {
  const directory = path.join(await tempDir(test), 'bash_1');
  mkdirSync(directory);
  writeFileSync(path.join(directory, 'output.log'), bytes);
  return directory;
}

/** Reads on until there is nothing more; gives the pieces. */
function readAll(directory: string, maxBytes: number): string[] {
  const pieces: string[] = [];
  for (let from = 0; ;) {
    const piece = readText(directory, { from, continues: from > 0, isOver: true, maxBytes });
    if (piece.to === from) return pieces;
    assert.ok(piece.to > from, 'it gets on');
    pieces.push(piece.text);
    from = piece.to;
  }
}

describe('output for a model', () => {
  it('comes in pieces of whole lines that join to the whole', async (test) => {
    const lines = fc.array(fc.string({ unit: fc.constantFrom('a', 'ä', '€', '😀', ' ') }));
    const directory = await logOf(test, '');
    fc.assert(
      fc.property(lines, fc.integer({ min: 8, max: 60 }), (texts, maxBytes) => {
        const whole = texts.map((text) => `${text}\n`).join('');
        writeFileSync(path.join(directory, 'output.log'), whole);
        const pieces = readAll(directory, maxBytes);
        assert.equal(pieces.join(''), whole);
        for (const piece of pieces) assert.ok(Buffer.byteLength(piece) <= maxBytes);
      }),
    );
  });

  it('has no escape sequences, and of a progress bar only the end', async (test) => {
    const bar = Array.from({ length: 5000 }, (_, index) => `\r\u001b[32m${index}/4999\u001b[0m`);
    const directory = await logOf(test, `start\n${bar.join('')}\ndone\n`);
    const { text, to, endOffset } = readText(directory, {
      from: 0,
      continues: false,
      isOver: true,
    });
    assert.equal(text, 'start\n4999/4999\ndone\n');
    assert.equal(to, endOffset);
  });

  it('leaves a last line that is not complete for later, unless the task is over', async (test) => {
    const directory = await logOf(test, 'one\ntw');
    const request = { from: 0, continues: false };
    assert.equal(readText(directory, { ...request, isOver: false }).text, 'one\n');
    assert.equal(readText(directory, { ...request, isOver: true }).text, 'one\ntw');
  });

  it('of bytes that are no UTF-8 gets on by the bytes of the log', async (test) => {
    const directory = await logOf(test, Buffer.from([0xff, 0xfe, 0x0a, 0x61, 0x0a, 0xc3, 0x0a]));
    assert.deepEqual(readAll(directory, 1000), ['\ufffd\ufffd\na\n\ufffd\n']);
  });

  it('by a filter counts lines that do not match as read', async (test) => {
    const directory = await logOf(test, 'ok 1\nerror: a\nok 2\nERROR b\n');
    const filter = compileFilter('error|ERROR');
    const range = readText(directory, { from: 0, continues: false, isOver: false, filter });
    assert.equal(range.text, 'error: a\nERROR b\n');
    assert.equal(range.to, range.endOffset);
  });

  it('of both ends has the first and the last lines, and says how much is between', async (test) => {
    const lines = Array.from({ length: 50_000 }, (_, index) => `line ${index}\n`);
    const directory = await logOf(test, lines.join(''));
    const ends = readEnds(directory, { isOver: true, includePartialLine: true });
    assert.match(ends.text, /^line 0\nline 1\n/);
    assert.match(ends.text, /\n\[… about \d+ kB left out …\]\nline \d+\n/);
    assert.match(ends.text, /line 49999\n$/);
    assert.equal(ends.isComplete, false);
    assert.ok(Buffer.byteLength(ends.text) <= MAX_TEXT_BYTES + 100);
    const next = readText(directory, { from: ends.to, continues: true, isOver: true });
    const shown = ends.text.split('\n[…')[0]?.split('\n').length ?? 0;
    assert.ok(next.text.startsWith(`line ${shown}\n`), 'the rest begins where the beginning ended');
  });
});
