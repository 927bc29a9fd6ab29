import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  collectVariable,
  parseCount,
  parseOutputLimit,
  parseRegex,
  parseSeconds,
  parseWholeSeconds,
} from '../../../src/cli/optionValues.ts';

describe('values of options', () => {
  it('reads sizes in powers of 1024', () => {
    assert.equal(parseOutputLimit('64M'), 64 * 1024 * 1024);
    assert.equal(parseOutputLimit('64 MiB'), 64 * 1024 * 1024);
    assert.equal(parseOutputLimit('1.5g'), 1.5 * 1024 ** 3);
    assert.equal(parseOutputLimit('500000'), 500_000);
    assert.equal(parseOutputLimit('500000b'), 500_000);
  });

  it('refuses sizes that are none, too small or absurd', () => {
    for (const text of ['', 'M', '-1M', '1X', '10', '9999G', '1e9', 'NaN']) {
      assert.throws(() => parseOutputLimit(text), { code: 'commander.invalidArgument' }, text);
    }
  });

  it('reads seconds, in fractions only where they mean something', () => {
    assert.equal(parseWholeSeconds('90'), 90);
    assert.equal(parseSeconds('0.5'), 0.5);
    for (const text of ['0.5', '-1', '', '1s', '1e3', '99999999999']) {
      assert.throws(() => parseWholeSeconds(text), { code: 'commander.invalidArgument' }, text);
    }
  });

  it('reads counts up to what a number can hold', () => {
    assert.equal(parseCount('0'), 0);
    assert.throws(() => parseCount('99999999999999999999'));
    assert.throws(() => parseCount('1.5'));
  });

  it('refuses an expression that is not one', () => {
    assert.ok(parseRegex('^a').test('ab'));
    assert.throws(() => parseRegex('['), { code: 'commander.invalidArgument' });
  });

  it('collects variables, whose values may be anything', () => {
    assert.deepEqual(collectVariable('B=', collectVariable('A=1=2\n3')), { A: '1=2\n3', B: '' });
    assert.throws(() => collectVariable('=x'));
    assert.throws(() => collectVariable('name'));
  });
});
