import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HoldfastError } from '../../../src/core/common/errors.ts';
import { isSessionId, isUuid, requireSessionId } from '../../../src/core/sessions/sessionId.ts';

describe('session ids', () => {
  it('may be UUIDs and names', () => {
    for (const id of [
      'project-main',
      'a',
      '7',
      'v1.2_x',
      '_x',
      '0b4ffec4-5a33-4c2d-9d0b-0d1f3f0d8c6e',
      'x'.repeat(64),
    ]) {
      assert.equal(isSessionId(id), true, id);
    }
  });

  it('never lead out of their directory, look like options or hidden files, or mean something else', () => {
    const bad = [
      '',
      '.',
      '..',
      '../x',
      'a/b',
      String.raw`a\b`,
      '-x',
      '.x',
      'x.',
      'ä',
      'a b',
      'a\n',
    ];
    bad.push('x'.repeat(65), 'latest', 'New', 'nul', 'COM1.txt', 'a\0');
    for (const id of bad) assert.equal(isSessionId(id), false, JSON.stringify(id));
  });

  it('say why a text cannot be one', () => {
    assert.throws(
      () => requireSessionId('a b'),
      (error) => HoldfastError.is(error, 'session.idInvalid') && /only letters/.test(error.message),
    );
  });

  it('tell UUIDs, which Claude Code takes too, from names', () => {
    assert.equal(isUuid('0b4ffec4-5a33-4c2d-9d0b-0d1f3f0d8c6e'), true);
    assert.equal(isUuid('project-main'), false);
  });
});
