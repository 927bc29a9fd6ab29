import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { findInterruptedCalls } from '../../../../src/core/agents/claude-code/interruptedCall.ts';
import {
  sessionNews,
  type NewsSources,
} from '../../../../src/core/agents/claude-code/sessionNews.ts';
import { tempDir } from '../../../support/tempDir.ts';
import { snapshot } from '../../tasks/snapshot.ts';

const nothing: NewsSources = {
  nowMs: 0,
  own: [],
  others: [],
  interrupted: [],
  told: { v: 1, tasks: {} },
  readUpTo: () => 0,
};

test('where there is nothing to tell, nothing is told', () => {
  assert.equal(sessionNews(nothing).text, undefined);
});

test('an end is told once, and again after a restart; what runs is told each time', () => {
  const ended = {
    task: snapshot({ id: 'bash_1', status: 'completed', exitCode: 2 }),
    claudeTask: undefined,
  };
  const running = { task: snapshot({ id: 'bash_2' }), claudeTask: 'b12345678' };
  const first = sessionNews({ ...nothing, own: [ended, running] });
  assert.match(first.text ?? '', /bash_2 \(your task b12345678\) is running/);
  assert.match(first.text ?? '', /bash_1 failed \(exit 2\)/);
  const second = sessionNews({ ...nothing, own: [ended, running], told: first.told });
  assert.match(second.text ?? '', /bash_2/);
  assert.doesNotMatch(second.text ?? '', /bash_1/);
  const again = { ...ended, task: { ...ended.task, attempt: 2 } };
  assert.match(sessionNews({ ...nothing, own: [again], told: second.told }).text ?? '', /bash_1/);
});

test('a long list is cut, with what runs first', () => {
  const own = Array.from({ length: 40 }, (_, at) => ({
    task: snapshot({
      id: `bash_${at + 1}`,
      ...(at === 39 ? {} : { status: 'completed' as const, exitCode: 0 }),
    }),
    claudeTask: undefined,
  }));
  const { text = '' } = sessionNews({ ...nothing, own });
  assert.match(text, /bash_40 is running/);
  assert.match(text, /and 28 more/);
  assert.ok(text.length < 10_000);
});

const assistant = (id: string): string =>
  JSON.stringify({
    type: 'assistant',
    message: { content: [{ type: 'tool_use', id, name: 'Bash', input: { command: `do ${id}` } }] },
  });
const result = (id: string): string =>
  JSON.stringify({
    type: 'user',
    message: { content: [{ type: 'tool_result', tool_use_id: id }] },
  });
const prompt = JSON.stringify({ type: 'user', message: { content: 'go on' } });

test('a call without a result at the end of a transcript was cut off', async (t) => {
  const file = path.join(await tempDir(t), 'transcript.jsonl');
  const cases: [string[], string[]][] = [
    [[prompt, assistant('a'), result('a'), assistant('b')], ['Bash: do b']],
    [
      [prompt, assistant('a'), assistant('b'), result('a'), '{"type":"last-prompt"}', '{"torn'],
      ['Bash: do b'],
    ],
    [[prompt, assistant('a'), result('a')], []],
    [[prompt, assistant('a'), prompt], []],
    [[''], []],
  ];
  for (const [lines, expected] of cases) {
    writeFileSync(file, lines.join('\n'));
    assert.deepEqual(
      findInterruptedCalls(file).map(({ description }) => description),
      expected,
    );
  }
  assert.deepEqual(findInterruptedCalls(path.join(file, 'missing')), []);
});
