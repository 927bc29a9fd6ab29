import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HoldfastError } from '../../../src/core/common/errors.ts';
import { userMessageFor } from '../../../src/core/common/userMessage.ts';

describe('userMessageFor', () => {
  it('shows the command that makes a home safe', () => {
    const error = new HoldfastError('home.unsafe', 'unsafe', {
      data: { home: '/h', reason: 'other users may write to it', fix: "chmod go-w '/h'" },
    });
    const { message, hint, action } = userMessageFor(error);
    assert.match(message, /other users may write to it: \/h$/);
    assert.equal(hint, "To fix it: chmod go-w '/h'");
    assert.deepEqual(action, { kind: 'copyCommand', command: "chmod go-w '/h'" });
  });

  it('names the setting that is out of range and opens it', () => {
    const error = new HoldfastError('settings.outOfRange', 'must be at least 1', {
      data: { setting: 'holdfast.tasks.outputLimitMb', value: 0 },
    });
    const { message, hint, action } = userMessageFor(error);
    assert.match(message, /holdfast\.tasks\.outputLimitMb .*Must be at least 1/);
    assert.match(hint ?? '', /now 0/);
    assert.deepEqual(action, { kind: 'openSettings', setting: 'holdfast.tasks.outputLimitMb' });
  });

  it('writes the id of a task as one types it, also where a sentence begins', () => {
    const error = new HoldfastError('input.invalid', 'bash_3 cannot restart itself from inside');
    assert.match(userMessageFor(error).message, /^bash_3 cannot/);
  });

  it('says how to see the limit when no process can be started', () => {
    const { hint } = userMessageFor(new HoldfastError('process.limitReached', 'EAGAIN'));
    assert.match(hint ?? '', /ulimit -u/);
  });

  it('knows what the system refuses, also where nobody gave it our code', () => {
    const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
    assert.match(userMessageFor(full).message, /disk is full/);
    const limit = Object.assign(new Error('spawn'), { code: 'EAGAIN' });
    assert.match(userMessageFor(limit).message, /no more processes/);
  });

  it('has no more to say about a bug than where to look', () => {
    for (const bug of [new TypeError('x is undefined'), 'text', undefined]) {
      assert.deepEqual(userMessageFor(bug), {
        message: 'Something went wrong',
        action: { kind: 'showLog' },
      });
    }
  });

  it('gets along without data', () => {
    for (const code of ['home.unsafe', 'file.unreadable', 'task.notFound', 'disk.full'] as const) {
      const { message } = userMessageFor(new HoldfastError(code, 'the message'));
      assert.doesNotMatch(message, /undefined|\[object/);
    }
  });
});
