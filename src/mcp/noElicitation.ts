import type { jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/types.js';

/**
 * The SDK checks what a user was asked for by elicitation against a JSON Schema, and has a whole validator (ajv) for it.
 * This server asks nothing that way; esbuild.mjs leaves ajv out of the bundle.
 */
export const noElicitation: jsonSchemaValidator = {
  getValidator: () => {
    throw new Error('This server does not use elicitation.');
  },
};
