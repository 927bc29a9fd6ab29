import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { lastOutputLine } from '../../../src/core/tasks/lastOutputLine.ts';
import { OutputFollower, type FollowerLimits } from '../../../src/core/tasks/outputFollower.ts';
import type { TaskSnapshot } from '../../../src/core/tasks/types.ts';
import { tempDir } from '../../support/tempDir.ts';
import { ended, snapshot } from './snapshot.ts';

/** A task directory whose log the test writes, in place of a command. */
class LogFile {
  readonly directory: string;
  readonly log: string;

  constructor(directory: string) {
    this.directory = directory;
    this.log = path.join(directory, 'output.log');
    writeFileSync(this.log, '');
  }

  write(text: string | Uint8Array): void {
    appendFileSync(this.log, text);
  }

  get running(): TaskSnapshot {
    return snapshot(this.#facts());
  }

  get over(): TaskSnapshot {
    return ended(this.#facts());
  }

  #facts(): Pick<TaskSnapshot, 'directory' | 'outputBytes' | 'isLogMissing'> {
    const size = statSync(this.log, { throwIfNoEntry: false })?.size;
    return { directory: this.directory, outputBytes: size ?? 0, isLogMissing: size === undefined };
  }
}

async function openLog(test: TestContext): Promise<LogFile> {
  const directory = path.join(await tempDir(test), 'bash_1');
  mkdirSync(directory);
  return new LogFile(directory);
}

/** Reads until there is nothing more for now. */
function drain(follower: OutputFollower, task: TaskSnapshot, nowMs = 0): string {
  let all = '';
  for (;;) {
    const { text, hasMore } = follower.next(task, nowMs);
    all += text;
    if (!hasMore) return all;
  }
}

function follow(task: TaskSnapshot, limits: Partial<FollowerLimits> = {}): OutputFollower {
  return new OutputFollower(task, limits);
}

describe('following the output of a task', () => {
  it('gives lines as they come, and in the end how the task ended', async (t) => {
    const file = await openLog(t);
    const follower = follow(file.running);
    assert.equal(drain(follower, file.running), '');
    file.write('one\ntw');
    assert.equal(drain(follower, file.running), 'one\n');
    file.write('o\n\x1b[32mthr');
    assert.equal(drain(follower, file.running), 'two\n');
    file.write('ee');
    assert.equal(drain(follower, file.over), 'three\n[bash_1 finished: exit 0 after 12 s]\n');
    assert.equal(follower.isOver, true);
    assert.equal(drain(follower, file.over), '');
  });

  it('gives what a stray process writes after the end', async (t) => {
    const file = await openLog(t);
    const follower = follow(file.running);
    drain(follower, file.over);
    file.write('late\n');
    assert.equal(drain(follower, file.over), 'late\n');
  });

  it('gives a question without its newline once the task says nothing more', async (t) => {
    const file = await openLog(t);
    const follower = follow(file.running, { pauseMs: 500 });
    file.write('Continue? ');
    assert.equal(drain(follower, file.running, 1000), '');
    assert.equal(drain(follower, file.running, 1400), '');
    assert.equal(drain(follower, file.running, 1500), 'Continue? ');
    assert.equal(drain(follower, file.over, 1600), '\n[bash_1 finished: exit 0 after 12 s]\n');
  });

  it('begins with the end of a long log, at a whole line, and says where the rest is', async (t) => {
    const file = await openLog(t);
    file.write('0123456789\n'.repeat(20));
    const text = drain(follow(file.running, { tailBytes: 25 }), file.running);
    assert.equal(
      text,
      `… 195 bytes of earlier output are not shown here; what is kept of it is in the full log: ${file.log}\n` +
        '0123456789\n0123456789\n',
    );
  });

  it('leaps over what it cannot keep up with, and says how much that is', async (t) => {
    const file = await openLog(t);
    const limits = { maxLagBytes: 100_000, readBytes: 60_000 };
    const follower = follow(file.running, limits);
    file.write('first\n');
    assert.equal(drain(follower, file.running), 'first\n');
    file.write('some line\n'.repeat(1_000_000));
    const { text } = follower.next(file.running, 0);
    assert.match(
      text,
      /^… 10 MB skipped, as it comes too fast to be shown; the full log: .*\nsome line\n/,
    );
    assert.ok(text.length < 55_000);
    assert.match(drain(follower, file.over), /^\[bash_1 finished/);
  });

  it('never gives more of a flood than asked in one call', async (t) => {
    const file = await openLog(t);
    const follower = follow(file.running, { readBytes: 1000 });
    file.write('x'.repeat(99).concat('\n').repeat(1000));
    let calls = 0;
    for (let hasMore = true; hasMore; calls += 1) {
      const read = follower.next(file.running, 0);
      assert.ok(read.text.length <= 1000);
      hasMore = read.hasMore;
    }
    assert.equal(calls, 100);
  });

  it('shows bytes that are not UTF-8 as replacement characters, and splits no character', async (t) => {
    const file = await openLog(t);
    const follower = follow(file.running, { readBytes: 10 });
    file.write(Buffer.from([0x61, 0xff, 0x62, 0x0a]));
    file.write('漢字漢字漢字\n');
    assert.equal(drain(follower, file.running), 'a\ufffdb\n漢字漢字漢字\n');
  });

  it('draws a line between the attempts of a restarted task', async (t) => {
    const file = await openLog(t);
    const follower = follow(file.running);
    file.write('first, unfinished');
    drain(follower, file.over);
    const attempt = path.join(file.directory, 'attempts', '1');
    mkdirSync(attempt, { recursive: true });
    const record = { v: 1, fromOffset: 0, toOffset: statSync(file.log).size };
    writeFileSync(path.join(attempt, 'attempt.json'), JSON.stringify(record));
    file.write('second\n');
    const restarted = { ...file.running, attempt: 2 };
    assert.equal(drain(follower, restarted), '[bash_1 restarted]\nsecond\n');
    assert.equal(follower.isOver, false);
    // A reader that comes later sees the line in the same place.
    assert.equal(
      drain(follow(restarted), restarted),
      'first, unfinished\n[bash_1 restarted]\nsecond\n',
    );
  });

  it('says once that the log was deleted and what to do, and goes on with a new one', async (t) => {
    const file = await openLog(t);
    const follower = follow(file.running);
    file.write('a line\n');
    drain(follower, file.running);
    rmSync(file.log);
    const text = drain(follower, file.running);
    assert.match(text, /^\[the log was deleted: .*output\.log; bash_1 goes on, but .*restart it/);
    assert.equal(drain(follower, file.running), '');
    file.write('new\n');
    assert.match(drain(follower, file.running), /^\[the log was emptied or deleted.*\nnew\n$/);
  });

  it('tells the end of a task whose log was deleted', async (t) => {
    const file = await openLog(t);
    const follower = follow(file.running);
    rmSync(file.log);
    drain(follower, file.running);
    assert.match(drain(follower, file.over), /\[bash_1 finished: exit 0 after 12 s\]\n$/);
    assert.equal(drain(follower, file.over), '');
  });

  it('goes on at the start of a log that was emptied', async (t) => {
    const file = await openLog(t);
    const follower = follow(file.running);
    file.write('a long first line\n');
    drain(follower, file.running);
    truncateSync(file.log, 0);
    file.write('short\n');
    assert.match(drain(follower, file.running), /begins anew here\]\nshort\n$/);
  });
});

describe('the last line of output', () => {
  it('is the last that is not blank, as plain text, also of one being drawn over', async (t) => {
    const file = await openLog(t);
    assert.equal(lastOutputLine(file.running), '');
    file.write('x'.repeat(10_000));
    file.write('\n\x1b[32m  Listening on 3000 \x1b[0m\n\n  \n');
    assert.equal(lastOutputLine(file.running), 'Listening on 3000');
    file.write('10%\r20%\r30%\r');
    assert.equal(lastOutputLine(file.running), '30%');
    rmSync(file.log);
    assert.equal(lastOutputLine(file.running), '');
  });
});
