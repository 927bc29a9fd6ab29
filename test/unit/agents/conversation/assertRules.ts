import assert from 'node:assert/strict';
import type { ModelMessage } from '../../../../src/core/agents/conversation/model.ts';

/** What the APIs of models want of the messages they get. */
export function assertRules(messages: readonly ModelMessage[]): void {
  const ids = new Set<string>();
  let waiting: string[] = [];
  for (const [index, { role, parts }] of messages.entries()) {
    assert.equal(role, index % 2 === 0 ? 'user' : 'assistant');
    assert.ok(parts.length > 0);
    const results = parts.flatMap((part) => (part.type === 'tool-result' ? [part.id] : []));
    assert.deepEqual(results, waiting);
    assert.ok(parts.slice(0, waiting.length).every(({ type }) => type === 'tool-result'));
    waiting = [];
    for (const part of parts) {
      if (part.type === 'text') assert.notEqual(part.text.trim(), '');
      if (part.type !== 'tool-call') continue;
      assert.equal(role, 'assistant');
      assert.ok(part.id !== '' && !ids.has(part.id));
      ids.add(part.id);
      waiting.push(part.id);
    }
    if (role === 'assistant') assert.ok(parts.some(({ type }) => type !== 'thinking'));
  }
  assert.deepEqual(waiting, []);
}
