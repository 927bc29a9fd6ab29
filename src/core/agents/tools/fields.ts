import * as v from 'valibot';
import type { JsonSchema } from './tool.ts';

/** The parameters and results that several tools have in common: what checks them, and what is said about them. */

export const bashId = v.pipe(
  v.string('expected a string'),
  v.minLength(1, 'is empty'),
  v.maxLength(20),
);
export const bashIdSchema: JsonSchema = {
  type: 'string',
  minLength: 1,
  maxLength: 20,
  description: 'The task, such as "bash_3".',
};

export const bashIds = v.pipe(v.array(bashId, 'expected a list of ids'), v.maxLength(1000));
export const bashIdsSchema: JsonSchema = {
  type: 'array',
  maxItems: 1000,
  items: { type: 'string', minLength: 1, maxLength: 20 },
};

/** Where a task stands and how it ended. */
export const standingProperties = {
  status: {
    type: 'string',
    enum: ['running', 'completed', 'killed', 'timed out', 'lost'],
    description: 'completed: it ended by itself, whatever the exit code.',
  },
  exit_code: { type: ['integer', 'null'], description: 'null while it runs, or if nobody knows.' },
  signal: { type: ['string', 'null'], description: 'The signal that ended it.' },
} satisfies Record<string, JsonSchema>;

/** What a tool does that runs a command or types into one: nobody knows what that does. */
export const commandAnnotations = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: true,
} as const;

export const noteSchema: JsonSchema = {
  type: ['string', 'null'],
  description: 'What to know or to do next.',
};
