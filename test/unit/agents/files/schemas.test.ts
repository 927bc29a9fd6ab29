import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { describe, it } from 'node:test';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv-provider.js';
import fc from 'fast-check';
import { FileDesk } from '../../../../src/core/agents/files/fileDesk.ts';
import {
  createFileTools,
  fileToolDefinitions,
} from '../../../../src/core/agents/files/fileTools.ts';
import { workspaceOf } from '../../../../src/core/store/workspace.ts';
import { openDesk } from './openDesk.ts';
import { accepts } from '../accepts.ts';

const values = fc.oneof(
  fc.string({ maxLength: 10 }),
  fc.constantFrom('', 'content', 'count', 'x'.repeat(4096), 'x'.repeat(4097), 'x'.repeat(10_001)),
  fc.constantFrom(-1, 0, 1, 100, 101, 2000, 2001, 100_001, 1.5, null),
  fc.boolean(),
);

describe('the schemas of the file tools', () => {
  const validators = new AjvJsonSchemaValidator();
  const tools = createFileTools(new FileDesk({ workspace: workspaceOf(tmpdir(), tmpdir()) }));
  for (const tool of tools) {
    it(`of ${tool.name} accept what the tool accepts, and nothing else`, () => {
      const validate = validators.getValidator(structuredClone(tool.inputSchema));
      const names = [...Object.keys(tool.inputSchema.properties), 'unknown'];
      const inputs = fc.dictionary(fc.constantFrom(...names), values, { maxKeys: 4 });
      fc.assert(
        fc.property(inputs, (given) => {
          const json = JSON.parse(JSON.stringify(given)) as unknown;
          assert.equal(accepts(tool, json), validate(json).valid, JSON.stringify(json));
        }),
        { numRuns: 300 },
      );
    });
  }

  it('describe the results that the tools give', async (test) => {
    const desk = await openDesk(test);
    const calls: [string, object][] = [
      ['write', { file_path: 'a.txt', content: 'one\n' }],
      ['read', { file_path: 'a.txt' }],
      ['edit', { file_path: 'a.txt', old_string: 'one', new_string: 'two' }],
      ['glob', { pattern: '*' }],
      ['grep', { pattern: 'two' }],
    ];
    for (const [name, input] of calls) {
      const definition = fileToolDefinitions.find((each) => each.name === name);
      const { structured } = await desk.run(name, input);
      const result = validators.getValidator(structuredClone(definition?.outputSchema ?? {}))(
        JSON.parse(JSON.stringify(structured)),
      );
      assert.ok(result.valid, result.errorMessage);
    }
  });
});
