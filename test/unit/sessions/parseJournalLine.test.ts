import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseJournalLine } from '../../../src/core/sessions/parseJournalLine.ts';

const line = (n: number, fields: object = { type: 'title', title: '}{"\\', by: 'user' }): string =>
  JSON.stringify({ v: 1, w: 'abcdefgh', n, t: '2026-01-02T03:04:05.000Z', ...fields });

function numbersIn(text: string): { numbers: unknown[]; isDamaged: boolean } {
  const { lines, isDamaged } = parseJournalLine(Buffer.from(text));
  return { numbers: lines.map(({ n }) => n), isDamaged };
}

describe('parseJournalLine', () => {
  it('reads a sound line', () => {
    assert.deepEqual(numbersIn(line(1)), { numbers: [1], isDamaged: false });
  });

  it('passes over blank lines', () => {
    assert.deepEqual(numbersIn(' \r'), { numbers: [], isDamaged: false });
  });

  it('finds a line behind NULs, behind a torn line and before garbage', () => {
    const torn = line(1).slice(0, 40);
    assert.deepEqual(numbersIn(`\0\0\0${line(2)}`), { numbers: [2], isDamaged: true });
    assert.deepEqual(numbersIn(`${torn}${line(2)}`), { numbers: [2], isDamaged: true });
    assert.deepEqual(numbersIn(`${line(1)}\0\0}garbage`), { numbers: [1], isDamaged: true });
    assert.deepEqual(numbersIn(`${line(1)}${line(2)}`), { numbers: [1, 2], isDamaged: true });
  });

  it('does not take a line out of what a whole line holds', () => {
    const input = {
      v: 1,
      w: 'x',
      n: 9,
      t: '2026-01-02T03:04:05.000Z',
      type: 'pin',
      isPinned: true,
    };
    const outer = line(1, { type: 'message', role: 'assistant', parts: [{ type: 'x', input }] });
    assert.deepEqual(numbersIn(`garbage${outer}`), { numbers: [1], isDamaged: true });
  });

  it('never takes an approval out of a damaged line', () => {
    const approval = line(2, { type: 'permission', rule: 'Bash', decision: 'allow', by: 'user' });
    assert.deepEqual(numbersIn(`x${approval}`), { numbers: [], isDamaged: true });
    assert.deepEqual(numbersIn(approval), { numbers: [2], isDamaged: false });
  });

  it('counts JSON that is no line as damage', () => {
    for (const text of ['[]', '1', 'null', '{"type":"title"}', line(1, { type: 3 })]) {
      assert.deepEqual(numbersIn(text), { numbers: [], isDamaged: true }, text);
    }
  });
});
