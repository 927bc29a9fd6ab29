import fc from 'fast-check';
import type { NewLine } from '../../../src/core/sessions/journalLines.ts';

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom('"}{', '{"v":1,"w":"', '\n', '\0', '漢字 ✅'),
);
const name = fc.constantFrom('a', 'b', 'c');
const task = fc.constantFrom('bash_1', 'bash_2');

/** A line of any type that a session is written with. */
const anyLine: fc.Arbitrary<NewLine> = fc.oneof(
  fc.record({
    type: fc.constant('message' as const),
    role: fc.constantFrom('user' as const, 'assistant' as const),
    parts: fc.array(
      fc.oneof(
        fc.record({ type: fc.constant('text'), text }),
        fc.record({ type: fc.constant('tool-call'), id: name, name: text, input: fc.jsonValue() }),
        fc.record({ type: fc.constant('tool-result'), id: name, output: fc.jsonValue() }),
      ),
      { maxLength: 3 },
    ),
  }),
  fc.record({
    type: fc.constant('file' as const),
    path: fc.constantFrom('/x', '/y'),
    how: fc.constantFrom('read' as const, 'modified' as const),
    mtimeMs: fc.nat(),
  }),
  fc.record({
    type: fc.constant('permission' as const),
    rule: name,
    decision: fc.constantFrom('allow' as const, 'deny' as const),
    by: name,
  }),
  fc.record({ type: fc.constant('task' as const), id: task, command: text }),
  fc.record({ type: fc.constant('task-end' as const), id: task, status: name, exitCode: fc.nat() }),
  fc.record({ type: fc.constant('output-read' as const), task, reader: name, offset: fc.nat() }),
  fc.record({ type: fc.constant('title' as const), title: text, by: name }),
  fc.record({ type: fc.constant('note' as const), text }),
);

export const anyLines = fc.array(anyLine, { minLength: 1, maxLength: 12 });
