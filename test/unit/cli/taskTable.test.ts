import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { taskTable } from '../../../src/cli/taskTable.ts';
import { snapshot } from './snapshot.ts';

const plain = { nowMs: 120_000, width: undefined, hasColours: false };
const running = snapshot({ number: 2, status: 'running', pid: 4711, command: 'npm run dev' });

describe('taskTable', () => {
  it('aligns its columns and puts running tasks first', () => {
    const failed = snapshot({ number: 10, exitCode: 127, outputBytes: 2500 });
    assert.deepEqual(taskTable([failed, running], plain), [
      'ID       STATUS                        TIME       PID   OUTPUT   COMMAND',
      'bash_2   running                       2 min      4711  0 bytes  npm run dev',
      'bash_10  exit 127 (command not found)  1 min ago        2.5 kB   npm test',
    ]);
  });

  it('cuts lines at the width of the terminal', () => {
    const long = snapshot({ number: 1, command: 'x'.repeat(300) });
    const lines = taskTable([long], { ...plain, width: 60 });
    assert.ok(lines.every((line) => line.length <= 60));
    assert.ok(lines[1]?.endsWith('x…'));
  });

  it('shows a command of several lines, or with control characters, on one line', () => {
    const odd = snapshot({ number: 1, command: 'a\n\tb \u001b[31mc', title: 'my\ntitle' });
    assert.ok(taskTable([odd], plain)[1]?.endsWith('  my title: a b [31mc'));
  });

  it('colours nothing but the heading and the status, and only when asked', () => {
    const lines = taskTable([running], { ...plain, hasColours: true });
    assert.ok(lines[1]?.includes('\u001b[32mrunning\u001b[0m'));
    assert.equal(lines[1]?.split('\u001b').length, 3);
    assert.ok(!taskTable([running], plain).join('').includes('\u001b'));
  });

  it('says that a log was deleted', () => {
    const blind = snapshot({ number: 1, isLogMissing: true });
    assert.match(taskTable([blind], plain)[1] ?? '', / deleted /);
  });
});
