import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findIdleTasks, idleMessage, silenceMs } from '../../../src/core/tasks/idleNotice.ts';
import { claimNotice, isNoticeClaimed } from '../../../src/core/tasks/notices.ts';
import type { TaskSnapshot } from '../../../src/core/tasks/types.ts';
import { tempDir } from '../../support/tempDir.ts';
import { snapshot } from './snapshot.ts';

const HOUR_MS = 3_600_000;

function runningSince(startedAtMs: number, facts: Partial<TaskSnapshot> = {}): TaskSnapshot {
  return snapshot({ id: 'bash_2', status: 'running', startedAtMs, ...facts });
}

describe('the idle notice', () => {
  it('finds running tasks that have been silent for long enough', () => {
    const silent = runningSince(0, { lastOutputAtMs: HOUR_MS });
    const options = { nowMs: 7 * HOUR_MS, idleAfterMs: 6 * HOUR_MS };
    assert.deepEqual(findIdleTasks([silent], options), [silent]);
    assert.deepEqual(findIdleTasks([silent], { ...options, nowMs: 7 * HOUR_MS - 1 }), []);
  });

  it('leaves tasks alone that are over, and all of them when the time is 0', () => {
    const options = { nowMs: 100 * HOUR_MS, idleAfterMs: HOUR_MS };
    assert.deepEqual(findIdleTasks([runningSince(0, { status: 'completed' })], options), []);
    assert.deepEqual(findIdleTasks([runningSince(0)], { ...options, idleAfterMs: 0 }), []);
  });

  it('counts from the start of the attempt when the last output is of an earlier one', () => {
    const restarted = runningSince(5 * HOUR_MS, { lastOutputAtMs: HOUR_MS, attempt: 2 });
    assert.equal(silenceMs(restarted, 6 * HOUR_MS), HOUR_MS);
  });

  it('takes a clock that was set back for no silence', () => {
    assert.equal(silenceMs(runningSince(10 * HOUR_MS), 0), 0);
  });

  it('says for how long, and how much memory is used', () => {
    const message = (hours: number, rssBytes?: number): string =>
      idleMessage(runningSince(0), { nowMs: hours * HOUR_MS, rssBytes });
    assert.equal(message(6, 1.2e9), 'bash_2 has said nothing for 6 hours, 1.2 GB memory');
    assert.equal(message(1), 'bash_2 has said nothing for 1 hour');
    assert.equal(message(0.5), 'bash_2 has said nothing for 30 minutes');
    assert.equal(message(75), 'bash_2 has said nothing for 3 days');
  });

  it('is claimed once for each attempt, however many windows try', async (t) => {
    const directory = await tempDir(t);
    const first = runningSince(0, { directory });
    assert.equal(isNoticeClaimed(first, 'idle'), false);
    assert.equal(claimNotice(first, 'idle'), true);
    assert.equal(claimNotice(first, 'idle'), false);
    assert.equal(isNoticeClaimed(first, 'idle'), true);
    assert.equal(claimNotice({ ...first, attempt: 2 }, 'idle'), true);
    claimNotice(first, 'idle-never');
    assert.equal(isNoticeClaimed({ ...first, attempt: 2 }, 'idle-never'), true);
  });

  it('is not told when the task directory cannot be written', async (t) => {
    const directory = `${await tempDir(t)}/gone\0`;
    assert.equal(claimNotice(runningSince(0, { directory }), 'idle'), false);
  });
});
