import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { countMissing, noteSeen, seeLine } from '../../../src/core/sessions/seenLines.ts';

describe('noteSeen', () => {
  it('knows what it has seen, in whatever order, and keeps ranges sorted and apart', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 60 }), (numbers) => {
        const ranges: number[] = [];
        const seen = new Set<number>();
        for (const n of numbers) {
          assert.equal(noteSeen(ranges, n), !seen.has(n));
          seen.add(n);
        }
        const expected = [...seen].sort((a, b) => a - b);
        const covered: number[] = [];
        for (let at = 0; at < ranges.length; at += 2) {
          const [from = 0, to = 0] = ranges.slice(at, at + 2);
          assert.ok(at === 0 || from > (ranges[at - 1] ?? 0) + 1, 'ranges do not touch');
          for (let n = from; n <= to; n += 1) covered.push(n);
        }
        assert.deepEqual(covered, expected);
        assert.equal(countMissing(ranges), Math.max(0, ...seen) - seen.size);
      }),
    );
  });

  it('takes lines without a number for new ones', () => {
    const seen = new Map<string, number[]>();
    assert.equal(seeLine(seen, {}).isNew, true);
    assert.equal(seeLine(seen, { w: 'a', n: 'x' }).isNew, true);
    assert.equal(seeLine(seen, { w: 'a', n: 3 }).missingMore, 2);
    assert.equal(seeLine(seen, { w: 'a', n: 2 }).missingMore, -1);
    assert.equal(seeLine(seen, { w: 'a', n: 3 }).isNew, false);
  });
});
