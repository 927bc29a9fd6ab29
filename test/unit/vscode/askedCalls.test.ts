import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Judgement } from '../../../src/core/agents/conversation/permissionGate.ts';
import { AskedCalls } from '../../../src/vscode/tools/askedCalls.ts';

const judgement: Judgement = {
  decision: 'ask',
  reason: 'it is not covered',
  rule: undefined,
  tool: 'Bash',
  summary: 'make',
  offers: [],
  approvedPaths: [],
};
const session = { gate: { judge: () => Promise.resolve(judgement), keep: () => undefined } };

function asked(shown: Judgement = judgement): AskedCalls {
  const calls = new AskedCalls();
  calls.remember('a', { session: session as never, judgement: shown });
  return calls;
}

describe('an answer of the user', () => {
  it('is good for one call', () => {
    const calls = asked();
    assert.equal(calls.take('a', judgement), true);
    assert.equal(calls.take('a', judgement), false);
  });

  it('is not good for a call that has been declined', () => {
    const calls = asked();
    calls.forget('a');
    assert.equal(calls.take('a', judgement), false);
  });

  it('is not good for the same command in another directory, or other tasks than were shown', () => {
    assert.equal(asked().take('a', { ...judgement, directory: '/elsewhere' }), false);
    assert.equal(asked().take('a', { ...judgement, summary: 'bash_2: npm start' }), false);
  });

  it('is forgotten when many others have been asked for since', () => {
    const calls = asked();
    for (let index = 0; index < 50; index += 1) {
      calls.remember(`b${index}`, { session: session as never, judgement });
    }
    assert.equal(calls.get('a'), undefined);
    assert.equal(calls.take('b49', judgement), true);
  });
});
