import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { openConversation } from '../../../../src/core/agents/conversation/conversation.ts';
import { pairCalls } from '../../../../src/core/agents/conversation/pairing.ts';
import { Journal } from '../../../../src/core/sessions/journal.ts';
import { sessionFilesOf } from '../../../../src/core/sessions/sessionFiles.ts';
import { SessionStore } from '../../../../src/core/sessions/sessionStore.ts';
import { assertRules } from './assertRules.ts';
import { call, scriptedModel, text } from './scriptedModel.ts';
import { startTalk } from './talk.ts';

describe('a conversation whose process was killed at any moment', () => {
  it('goes on from wherever its journal ends, whole line or not', async (test) => {
    const talk = await startTalk(test);
    const { host } = talk;
    const model = scriptedModel([
      [text('I look.'), call('1', 'read'), call('2', 'bash'), call('3', 'bash')],
      [text('More.'), call('1', 'read')],
      [text('Done: ä€😀.')],
      [call('4', 'edit')],
      [text('Done again.')],
    ]);
    await talk.turn(model, 'first');
    await talk.turn(model, 'second');
    const { plain } = sessionFilesOf(host.workspace, 'talk');
    const bytes = readFileSync(plain);
    const headerEnd = bytes.indexOf('\n') + 1;
    const offsets = fc.integer({ min: headerEnd, max: bytes.length });
    await fc.assert(
      fc.asyncProperty(offsets, async (length) => {
        writeFileSync(plain, bytes.subarray(0, length));
        const store = new SessionStore(host);
        const conversation = openConversation({
          host,
          store,
          journal: new Journal(host, 'talk'),
          reader: 'chat',
        });
        const again = scriptedModel([[text('On we go.')]]);
        assert.deepEqual(await talk.turn(again, 'go on', { conversation }), { kind: 'completed' });
        const messages = again.requests[0]?.messages ?? [];
        assertRules(messages);
        assert.equal(messages.at(-1)?.role, 'user');
        const { entries } = conversation.history;
        assert.ok(pairCalls(entries).every(({ result }) => result !== undefined));
        assert.equal(store.fold('talk').state.openToolCalls.size, 0);
        assert.equal(entries.at(-1)?.role, 'assistant');
      }),
      // Also lines that are whole but for their newlines.
      { numRuns: 60, examples: lineEnds(bytes).map((end) => [end]) },
    );
  });
});

/** Where each line of a journal but the first ends, without its newline. */
function lineEnds(journal: Buffer): number[] {
  const ends = [...journal.keys()].filter((at) => journal[at] === 0x0a);
  return ends.slice(1);
}
