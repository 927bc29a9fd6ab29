import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seenRecordOf, summariseAway } from '../../../src/core/tasks/awaySummary.ts';
import type { TaskSnapshot } from '../../../src/core/tasks/types.ts';
import { snapshot } from './snapshot.ts';

const HOUR_MS = 3_600_000;

function task(number: number, facts: Partial<TaskSnapshot> = {}): TaskSnapshot {
  return snapshot({ id: `bash_${number}`, number, status: 'running', ...facts });
}

function summarise(
  before: readonly TaskSnapshot[],
  now: readonly TaskSnapshot[],
  awayMs = HOUR_MS,
): string | undefined {
  return summariseAway(seenRecordOf(before, 0), now, {
    nowMs: awayMs,
    countNewLines: (running, fromOffset) => running.outputBytes - fromOffset,
  });
}

const finished = { status: 'completed', exitCode: 0 } as const;
const failed = { status: 'completed', exitCode: 1 } as const;

describe('the summary of what happened while away', () => {
  it('names what finished, what failed, and how much the others wrote', () => {
    const before = [task(1, { outputBytes: 100 }), task(2), task(3)];
    const now = [task(1, { outputBytes: 314 }), task(2, finished), task(3, failed)];
    assert.equal(
      summarise(before, now),
      'While you were away: bash_2 finished (exit 0), bash_3 failed (exit 1), 214 new lines in bash_1.',
    );
  });

  it('says nothing when nothing happened', () => {
    const tasks = [task(1), task(2, failed)];
    assert.equal(summarise(tasks, tasks), undefined);
    assert.equal(summarise([], []), undefined);
  });

  it('does not tell an end twice, but tells that of a later attempt', () => {
    assert.equal(summarise([task(1, failed)], [task(1, failed)]), undefined);
    assert.equal(
      summarise([task(1, failed)], [task(1, { ...failed, attempt: 2 })]),
      'While you were away: bash_1 failed (exit 1).',
    );
  });

  it('tells of tasks that others started or restarted', () => {
    assert.equal(
      summarise([task(1, failed)], [task(1, { attempt: 2 }), task(2), task(3, finished)]),
      'While you were away: bash_3 finished (exit 0), bash_1 was restarted, bash_2 was started.',
    );
  });

  it('says how a task was killed or lost', () => {
    const now = [
      task(1, { status: 'killed', exitCode: 137, signal: 'SIGKILL' }),
      task(2, { status: 'lost', lossReason: 'reboot' }),
    ];
    assert.equal(
      summarise([task(1), task(2)], now),
      'While you were away: bash_1 was killed by SIGKILL, bash_2 was lost when the machine was restarted.',
    );
  });

  it('keeps quiet about output that came in the blink of a reload, but not about an end', () => {
    const before = [task(1, { outputBytes: 0 }), task(2)];
    const chatty = task(1, { outputBytes: 7 });
    assert.equal(summarise(before, [chatty, task(2)], 2000), undefined);
    assert.equal(
      summarise(before, [chatty, task(2, failed)], 2000),
      'While you were away: bash_2 failed (exit 1), 7 new lines in bash_1.',
    );
  });

  it('says "1 new line" of one, and nothing of a line that is not complete', () => {
    const before = [task(1, { outputBytes: 0 })];
    assert.equal(
      summarise(before, [task(1, { outputBytes: 1 })]),
      'While you were away: 1 new line in bash_1.',
    );
    const none = summariseAway(seenRecordOf(before, 0), [task(1, { outputBytes: 5 })], {
      nowMs: HOUR_MS,
      countNewLines: () => 0,
    });
    assert.equal(none, undefined);
  });

  it('cuts a long list, and leaves out failures last', () => {
    const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    const before = numbers.map((number) => task(number));
    const now = numbers.map((number) => task(number, number === 11 ? failed : finished));
    assert.equal(
      summarise(before, now),
      'While you were away: bash_1 finished (exit 0), bash_2 finished (exit 0), bash_3 finished (exit 0), ' +
        'bash_4 finished (exit 0), bash_5 finished (exit 0), bash_11 failed (exit 1), and 5 more.',
    );
  });
});
