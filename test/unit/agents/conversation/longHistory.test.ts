import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readHistory } from '../../../../src/core/agents/conversation/history.ts';
import type { ModelRequest } from '../../../../src/core/agents/conversation/model.ts';
import { estimateMessages } from '../../../../src/core/agents/conversation/tokens.ts';
import { sessionFilesOf } from '../../../../src/core/sessions/sessionFiles.ts';
import { call, scriptedModel, text, type Script } from './scriptedModel.ts';
import { startTalk, type Talk } from './talk.ts';

const isSummary = ({ system }: ModelRequest): boolean => system.startsWith('You summarise');

/** A session of prompts with answers of some 300 tokens each. */
async function longTalk(test: Parameters<typeof startTalk>[0], turns: number): Promise<Talk> {
  const talk = await startTalk(test);
  for (let turn = 0; turn < turns; turn += 1) {
    talk.conversation.say({ role: 'user', parts: [{ type: 'text', text: `prompt ${turn}` }] });
    const answer = `answer ${turn} ${'word '.repeat(200)}`;
    talk.conversation.say({ role: 'assistant', parts: [{ type: 'text', text: answer }] });
  }
  return talk;
}

/** Summarises when it is asked to, else answers. */
const either: Script = async function* (request) {
  yield await Promise.resolve(text(isSummary(request) ? 'SUMMARY of it' : 'an answer'));
};

describe('a history that is longer than the window of the model', () => {
  it('is summarised by the model, and the full text stays', async (test) => {
    const talk = await longTalk(test, 40);
    const model = scriptedModel(Array<Script>(10).fill(either), { maxInputTokens: 5000 });
    assert.deepEqual(await talk.turn(model, 'and now?'), { kind: 'completed' });
    const last = model.requests.at(-1);
    assert.ok(last !== undefined && !isSummary(last));
    assert.ok(estimateMessages(last.messages) < 5000);
    const sent = JSON.stringify(last.messages);
    assert.match(sent, /SUMMARY of it.*prompt 39.*and now\?/);
    assert.doesNotMatch(sent, /prompt 0\b/);
    assert.equal(talk.conversation.history.entries.length, 82);
    assert.ok(talk.parts.some(({ type }) => type === 'summarised'));
  });

  it('says in the journal what the summary replaces, for the next process to go on with', async (test) => {
    const talk = await longTalk(test, 40);
    const model = scriptedModel(Array<Script>(10).fill(either), { maxInputTokens: 5000 });
    await talk.turn(model, 'and now?');
    const asked = model.requests.length;
    const history = readHistory(sessionFilesOf(talk.host.workspace, 'talk'));
    const { summary } = history;
    assert.ok(summary !== undefined && summary.replacedCount > 40);
    assert.equal(history.entries[summary.replacedCount]?.role, 'user');
    await talk.turn(model, 'go on', { conversation: talk.reopen() });
    assert.equal(model.requests.length, asked + 1);
    assert.match(JSON.stringify(model.requests.at(-1)?.messages[0]), /SUMMARY of it/);
  });

  it('keeps what the user wants where one turn alone is too long', async (test) => {
    const talk = await startTalk(test);
    talk.conversation.say({ role: 'user', parts: [{ type: 'text', text: 'THE WISH' }] });
    for (let round = 0; round < 30; round += 1) {
      const id = `c${round}`;
      const input = { command: 'x' };
      talk.conversation.say({
        role: 'assistant',
        parts: [{ type: 'tool-call', id, name: 'bash', input }],
      });
      const output = 'out '.repeat(300);
      talk.conversation.say({ role: 'tool', parts: [{ type: 'tool-result', id, output }] });
    }
    const model = scriptedModel(Array<Script>(10).fill(either), { maxInputTokens: 5000 });
    assert.deepEqual(await talk.turn(model), { kind: 'completed' });
    const [first] = model.requests.at(-1)?.messages ?? [];
    assert.match(JSON.stringify(first?.parts), /SUMMARY.*THE WISH/);
  });

  it('is cut where one result alone is too long, and told when the summary fails', async (test) => {
    const talk = await startTalk(test);
    const model = scriptedModel([[call('1', 'read')], [text('ok')]], { maxInputTokens: 3000 });
    const callTool = () => Promise.resolve({ output: 'line\n'.repeat(50_000), isError: false });
    assert.deepEqual(await talk.turn(model, 'go', { callTool }), { kind: 'completed' });
    const [, second] = model.requests;
    assert.ok(second !== undefined && estimateMessages(second.messages) < 3000);
    assert.match(JSON.stringify(second.messages), /characters left out/);

    const long = await longTalk(test, 40);
    const failure = { kind: 'network', message: 'gone' } as const;
    const broken = scriptedModel([[{ type: 'failed', failure }]], { maxInputTokens: 5000 });
    assert.deepEqual(await long.turn(broken, 'go'), { kind: 'failed', failure });
    assert.equal(long.conversation.history.summary, undefined);
  });

  it('is summarised when the model takes less than it told', async (test) => {
    const talk = await longTalk(test, 40);
    const tooLong = { type: 'failed', failure: { kind: 'tooLong', message: '' } } as const;
    const model = scriptedModel([[tooLong], either, either, either], { maxInputTokens: 100_000 });
    assert.deepEqual(await talk.turn(model, 'go'), { kind: 'completed' });
    assert.ok(model.requests.length >= 3);
  });

  it("counts as the model's own counter does", async (test) => {
    const talk = await longTalk(test, 10);
    const model = {
      ...scriptedModel(Array<Script>(10).fill(either), { maxInputTokens: 5000 }),
      // Twice what we would estimate.
      countTokens: (counted: string) => Promise.resolve(counted.length / 1.65),
    };
    await talk.turn(model, 'go');
    assert.ok(talk.conversation.history.summary !== undefined);
  });
});
