import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv-provider.js';
import fc from 'fast-check';
import { agentTools } from '../../../src/core/agents/tools/tools.ts';
import { accepts } from './accepts.ts';

const values = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.constantFrom('bash_1', '', 'x'.repeat(200), 'x'.repeat(201), 'x'.repeat(1001)),
  fc.integer({ min: -1, max: 100 }),
  fc.constantFrom(1.5, 600_000, 600_001, 50_001, 10_001, Number.NaN, null),
  fc.boolean(),
  fc.array(fc.oneof(fc.string({ maxLength: 25 }), fc.integer()), { maxLength: 3 }),
);

describe('the input schemas that agents are shown', () => {
  const validators = new AjvJsonSchemaValidator();
  for (const tool of agentTools) {
    it(`of ${tool.name} accept what the tool accepts, and nothing else`, () => {
      const validate = validators.getValidator(structuredClone(tool.inputSchema));
      const names = [...Object.keys(tool.inputSchema.properties), 'unknown'];
      const inputs = fc.dictionary(fc.constantFrom(...names), values, { maxKeys: 4 });
      fc.assert(
        fc.property(inputs, (input) => {
          const own = { ...input };
          // JSON has no such number.
          const json = JSON.parse(JSON.stringify(own)) as unknown;
          assert.equal(accepts(tool, json), validate(json).valid, JSON.stringify(json));
        }),
        { numRuns: 500 },
      );
    });
  }

  it('name every field of what comes back as required', () => {
    for (const { outputSchema } of agentTools) {
      assert.deepEqual(outputSchema.required, Object.keys(outputSchema.properties));
    }
  });
});
