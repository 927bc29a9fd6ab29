import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  formatDuration,
  formatSize,
  oneLine,
  taskDurationMs,
  taskEndText,
  taskLabel,
  taskStatusText,
} from '../../../src/core/tasks/describeTask.ts';
import { sortTasks } from '../../../src/core/tasks/taskSorting.ts';
import { defaultPolicy } from '../../../src/core/tasks/types.ts';
import { escapeMarkdown } from '../../../src/vscode/views/escapeMarkdown.ts';
import { viewMessage } from '../../../src/vscode/views/viewMessage.ts';
import { ended, snapshot } from './snapshot.ts';

describe('a task in words', () => {
  it('is called by its id and its title, or else its command on one line', () => {
    assert.equal(taskLabel(snapshot()), 'bash_1  npm run dev');
    assert.equal(taskLabel(snapshot({ title: 'dev server' })), 'bash_1  dev server');
    assert.equal(
      taskLabel(snapshot({ command: 'for i in 1 2\ndo\n\techo\ndone' })).includes('\n'),
      false,
    );
    assert.equal(taskLabel(snapshot({ command: ' \n ' })), 'bash_1  (no command)');
  });

  it('says where it stands and how it ended', () => {
    const killed = { status: 'killed', exitCode: 143, signal: 'SIGTERM' } as const;
    const texts = [
      [snapshot(), 'running'],
      [ended(), 'finished'],
      [ended({ exitCode: 1 }), 'exit 1'],
      [ended({ ...killed, stop: { by: 'vscode', reason: 'user' } }), 'killed by you'],
      [ended({ ...killed, stop: { by: 'cli', reason: 'restart' } }), 'killed by a restart'],
      [ended({ ...killed, stop: { by: 'mcp', reason: 'user' } }), 'killed by an agent'],
      [ended({ ...killed, signal: 'SIGSEGV' }), 'killed by SIGSEGV'],
      [ended({ status: 'lost', lossReason: 'reboot' }), 'lost: the machine was restarted'],
    ] as const;
    for (const [task, text] of texts) assert.equal(taskStatusText(task), text);
    const policy = { ...defaultPolicy, timeLimitSec: 1800 };
    assert.equal(taskStatusText(ended({ status: 'timed out', policy })), 'timed out after 30 min');
  });

  it('tells the end with its time', () => {
    assert.equal(taskEndText(ended()), 'finished: exit 0 after 12 s');
    const lost = ended({ status: 'lost', lossReason: 'reboot' });
    assert.equal(taskEndText(lost), 'lost: the machine was restarted');
  });

  it('counts the time of a running task up to now, never below zero', () => {
    assert.equal(taskDurationMs(snapshot(), 1_003_000), 3000);
    assert.equal(taskDurationMs(snapshot(), 0), 0);
    assert.equal(taskDurationMs(ended(), 9_999_999), 12_000);
    assert.equal(taskDurationMs(snapshot({ startedAtMs: undefined }), 1), undefined);
  });

  it('writes durations in at most two units', () => {
    const texts = [
      0, 440, 949, 950, 12_000, 59_499, 60_000, 185_000, 7_500_000, 86_400_000, 360_000_000,
    ];
    assert.deepEqual(texts.map(formatDuration), [
      ...['0 ms', '0.4 s', '0.9 s', '1 s', '12 s', '59 s', '1 min', '3 min 5 s'],
      ...['2 h 5 min', '1 d', '4 d 4 h'],
    ]);
  });

  it('writes sizes in the largest unit that fits', () => {
    const sizes = [0, 1, 999, 1000, 1499, 9940, 9960, 64_000_000, 999_600, 1.2e9, 5e15];
    assert.deepEqual(sizes.map(formatSize), [
      ...['0 bytes', '1 byte', '999 bytes', '1 kB', '1.5 kB', '9.9 kB', '10 kB'],
      ...['64 MB', '1 MB', '1.2 GB', '5000 TB'],
    ]);
  });

  it('shows text of unknown origin on one line, without what hides or turns it', () => {
    assert.equal(oneLine('a\r\n\tb\u0000\u202Ec\u2066d'), 'a bcd');
    assert.equal(oneLine('x'.repeat(300), 10), 'xxxxxxxxx…');
    assert.equal(oneLine('12345678😀9', 10), '12345678…');
  });
});

describe('the order of tasks', () => {
  it('is running first, newest start on top, then the rest, newest end on top', () => {
    const tasks = [
      ended({ number: 1, endedAtMs: 5 }),
      snapshot({ number: 2, startedAtMs: 50 }),
      ended({ number: 3, endedAtMs: 3 }),
      snapshot({ number: 4, startedAtMs: 40 }),
      ended({ number: 5, endedAtMs: 5 }),
    ];
    const ids = sortTasks(tasks).map(({ number }) => number);
    assert.deepEqual(ids, [2, 4, 5, 1, 3]);
  });
});

describe('the view', () => {
  it('has a message for tasks that cannot be read or are lost, and none otherwise', () => {
    assert.equal(viewMessage([snapshot(), ended()], []), undefined);
    const lost = [1, 2, 3, 4, 5].map((number) =>
      ended({ number, status: 'lost', lossReason: 'reboot' }),
    );
    assert.match(
      viewMessage(lost.slice(0, 2), []) ?? '',
      /^bash_1 and bash_2 were lost when the machine was restarted/,
    );
    assert.match(viewMessage(lost, ['bash_9']) ?? '', /bash_9 cannot.*bash_3 and 2 more were lost/);
  });

  it('lets no Markdown through', () => {
    const hostile = '[x](command:evil) <img> `a` | **b** &lt; http://x.test $(icon) \\';
    const escaped = escapeMarkdown(hostile);
    assert.doesNotMatch(escaped, /(?<!\\)(?:\\\\)*[[\]()<>`|*&:$]/);
    assert.equal(escaped.replaceAll(/\\([!-/:-@[-`{-~])/g, '$1'), hostile);
  });
});
