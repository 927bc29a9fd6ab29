import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { compileFilter, MAX_SCAN_BYTES } from '../../../src/core/agents/tools/outputText.ts';
import { readForChat } from '../../../src/vscode/chat/newOutput.ts';
import type { TaskSnapshot } from '../../../src/core/tasks/types.ts';
import { createTaskHost, filesOf, look, start, untilOver } from '../../support/taskHost.ts';

async function taskWith(test: TestContext, text: string): Promise<TaskSnapshot> {
  const host = await createTaskHost(test);
  const task = await untilOver(host, await start(host, 'true'));
  appendFileSync(filesOf(task).output, text);
  return look(host, task);
}

function lines(count: number): string {
  return Array.from({ length: count }, (_, index) => `line ${index}\n`).join('');
}

const ignoresCase = { ignoresCase: true };

describe('what /output shows', () => {
  it('is all of it where that fits, and then what is new', async (test) => {
    const task = await taskWith(test, 'one\ntwo\n');
    const first = readForChat(task, 0, undefined);
    assert.deepEqual([first.text, first.moreBytes, first.notes], ['one\ntwo\n', 0, []]);
    appendFileSync(filesOf(task).output, 'three\n');
    assert.equal(readForChat(task, first.to, undefined).text, 'three\n');
  });

  it('is the latest lines where it does not fit, and says how much is not shown', async (test) => {
    const task = await taskWith(test, lines(10_000));
    const { text, moreBytes, notes, to } = readForChat(task, 0, undefined);
    assert.match(text, /^line \d+\n/, 'it begins with a whole line');
    assert.match(text, /line 9999\n$/);
    assert.match(notes.join(), /latest lines; 74 kB before them are not shown/);
    assert.deepEqual([moreBytes, to], [0, task.outputBytes]);
  });

  it('is the end of a line that is longer than an answer', async (test) => {
    const task = await taskWith(test, `${'ä'.repeat(30_000)}!`);
    const { text, notes } = readForChat(task, 0, undefined);
    assert.match(text, /^ä+!$/);
    assert.match(notes.join(), /not shown/);
  });

  it('finds what matches anywhere in it, whatever the case', async (test) => {
    const task = await taskWith(test, `${lines(10_000)}Error: at the end\n`);
    const found = readForChat(task, 0, compileFilter('error', ignoresCase));
    assert.deepEqual([found.text, found.notes], ['Error: at the end\n', []]);
  });

  it('says how much there is behind what matches and fits, and goes on there', async (test) => {
    const task = await taskWith(test, lines(10_000));
    const filter = compileFilter('line');
    const first = readForChat(task, 0, filter);
    assert.match(first.notes.join(), /There are \d+ kB more: ask again for bash_1/);
    assert.equal(first.moreBytes, task.outputBytes - first.to);
    const [last = ''] = first.text.trimEnd().split('\n').slice(-1);
    const next = readForChat(task, first.to, filter);
    assert.ok(next.text.startsWith(`line ${Number(last.slice(5)) + 1}\n`), next.text.slice(0, 20));
  });

  it('says that there is more to look through, where it has not come to the end', async (test) => {
    const task = await taskWith(test, `${'x'.repeat(999)}\n`.repeat(MAX_SCAN_BYTES / 1000 + 1000));
    const first = readForChat(task, 0, compileFilter('y'));
    assert.equal(first.text, '');
    assert.match(first.notes.join(), /more to look through: ask again/);
    assert.equal(readForChat(task, first.to, compileFilter('y')).moreBytes, 0);
  });
});
