import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { chooseCut } from '../../../../src/core/agents/conversation/chooseCut.ts';
import type { HistoryEntry } from '../../../../src/core/agents/conversation/history.ts';
import {
  INTERRUPTED,
  pairCalls,
  toModelMessages,
} from '../../../../src/core/agents/conversation/pairing.ts';
import type { MessagePart } from '../../../../src/core/sessions/journalLines.ts';
import { assertRules } from './assertRules.ts';

function entry(role: HistoryEntry['role'], parts: readonly MessagePart[]): HistoryEntry {
  return {
    lineId: undefined,
    atMs: 0,
    role,
    parts,
    isUnfinished: false,
    model: 'm',
    endOffset: 0,
  };
}

const said = (value: string): MessagePart => ({ type: 'text', text: value });
const wants = (id: string): MessagePart => ({ type: 'tool-call', id, name: 'x', input: {} });
const got = (id: string, output = `of ${id}`): MessagePart => ({ type: 'tool-result', id, output });

const anyText = fc.constantFrom('a', 'b', ' ', '').map(said);
const anyId = fc.constantFrom('1', '2', '3', '');
const anyEntry = fc.oneof(
  fc.array(anyText, { maxLength: 2 }).map((parts) => entry('user', parts)),
  fc.array(anyText, { maxLength: 2 }).map((parts) => entry('system', parts)),
  fc
    .array(
      fc.oneof(
        anyText,
        anyId.map(wants),
        fc.constant({ type: 'thinking', text: 'hm', opaque: 'signed' }),
        fc.constant({ type: 'of a newer version' }),
      ),
      { maxLength: 4 },
    )
    .map((parts) => entry('assistant', parts)),
  fc
    .array(
      anyId.map((id) => got(id)),
      { maxLength: 2 },
    )
    .map((parts) => entry('tool', parts)),
);
/** Whatever two writers, crashes and repairs make of a journal. */
const anyHistory = fc.array(anyEntry, { maxLength: 20 });

describe('toModelMessages', () => {
  it('keeps the rules of the APIs, whatever the journal says', () => {
    fc.assert(
      fc.property(anyHistory, (entries) => {
        assertRules(toModelMessages(entries, { modelId: 'm' }));
        assertRules(toModelMessages(entries, { modelId: 'm' }, ['a summary']));
      }),
      { numRuns: 500 },
    );
  });

  it('loses no call, no result of a call, and nothing that was said', () => {
    fc.assert(
      fc.property(anyHistory, (entries) => {
        const parts = toModelMessages(entries, { modelId: 'm' }).flatMap((each) => each.parts);
        const pairs = pairCalls(entries);
        const results = parts.flatMap((part) => (part.type === 'tool-result' ? [part] : []));
        assert.equal(results.length, pairs.length);
        assert.deepEqual(
          results.map(({ output }) => output),
          pairs.map(({ result }) => (result === undefined ? INTERRUPTED : result.output)),
        );
        const letters = (each: readonly { type: string; text?: unknown }[]): number =>
          each.filter(({ type, text }) => type === 'text' && /[ab]\n?/.test(String(text))).length;
        const before = letters(entries.flatMap((each) => [...each.parts] as { type: string }[]));
        const beginning = parts.some(
          (part) => part.type === 'text' && part.text.startsWith('(The'),
        );
        assert.equal(letters(parts), before + (beginning ? 1 : 0));
      }),
    );
  });

  it('gives a result that came late to its call, before what was said meanwhile', () => {
    const messages = toModelMessages(
      [
        entry('user', [said('go')]),
        entry('assistant', [said('I look'), wants('1'), wants('2')]),
        entry('tool', [got('2')]),
        entry('user', [said('well?')]),
        entry('tool', [got('1')]),
        entry('assistant', [said('done')]),
      ],
      { modelId: 'm' },
    );
    assert.deepEqual(
      messages[2]?.parts.map((part) => (part.type === 'tool-result' ? part.id : part.type)),
      ['1', '2', 'text'],
    );
    assert.equal(messages.length, 4);
  });

  it('tells the model that a call was interrupted', () => {
    const [, , last] = toModelMessages(
      [entry('user', [said('go')]), entry('assistant', [wants('1')]), entry('user', [said('on')])],
      { modelId: 'm' },
    );
    assert.deepEqual(last?.parts[0], {
      type: 'tool-result',
      id: '1',
      output: INTERRUPTED,
      isError: true,
    });
  });

  it('hands thinking back to its own model only', () => {
    const entries = [
      entry('user', [said('go')]),
      entry('assistant', [{ type: 'thinking', text: 'hm', opaque: 's' }, said('yes')]),
    ];
    const types = (modelId: string) =>
      toModelMessages(entries, { modelId })[1]?.parts.map(({ type }) => type);
    assert.deepEqual(types('m'), ['thinking', 'text']);
    assert.deepEqual(types('another'), ['text']);
  });
});

describe('chooseCut', () => {
  it('never separates a call from its result, and is the same each time', () => {
    fc.assert(
      fc.property(anyHistory, fc.nat(20), fc.nat(10), (entries, keepTokens, from) => {
        const request = { from, keepTokens, tokensOf: () => 1 };
        const cut = chooseCut(entries, request);
        assert.equal(chooseCut(entries, request), cut);
        if (cut === undefined) return;
        assert.ok(cut > from && cut < entries.length);
        for (const { callIndex, resultIndex = callIndex } of pairCalls(entries)) {
          assert.equal(callIndex < cut, resultIndex < cut);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps as much as it may, from something on that the user said', () => {
    const entries = Array.from({ length: 10 }, (_, index) =>
      entry(index % 2 === 0 ? 'user' : 'assistant', [said('a')]),
    );
    assert.equal(chooseCut(entries, { from: 0, keepTokens: 5, tokensOf: () => 1 }), 6);
    assert.equal(chooseCut(entries, { from: 0, keepTokens: 0, tokensOf: () => 1 }), 9);
    assert.equal(chooseCut(entries, { from: 9, keepTokens: 5, tokensOf: () => 1 }), undefined);
  });
});
