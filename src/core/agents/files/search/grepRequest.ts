import * as v from 'valibot';
import { objectSchema, type ObjectSchema } from '../../tools/tool.ts';
import { filePath, wholeNumber } from '../fileTool.ts';

const MAX_CONTEXT = 100;
const MAX_HEAD = 2000;
export const DEFAULT_HEAD = 250;

const flag = v.optional(v.boolean('expected true or false'));
const contextLines = v.optional(wholeNumber(0, MAX_CONTEXT));

export const grepInput = v.strictObject({
  pattern: v.pipe(v.string('expected a string'), v.minLength(1, 'is empty'), v.maxLength(10_000)),
  path: v.optional(filePath),
  glob: v.optional(filePath),
  output_mode: v.optional(v.picklist(['content', 'files_with_matches', 'count'])),
  '-i': flag,
  '-n': flag,
  '-A': contextLines,
  '-B': contextLines,
  '-C': contextLines,
  multiline: flag,
  head_limit: v.optional(wholeNumber(1, MAX_HEAD)),
});

export type GrepInput = v.InferOutput<typeof grepInput>;

/** A search as both ways to search take it. */
export interface GrepRequest {
  readonly pattern: string;
  readonly glob: string | undefined;
  readonly mode: 'content' | 'files_with_matches' | 'count';
  readonly ignoresCase: boolean;
  readonly isMultiline: boolean;
  readonly before: number;
  readonly after: number;
}

export function requestOf(input: GrepInput): GrepRequest {
  return {
    pattern: input.pattern,
    glob: input.glob,
    mode: input.output_mode ?? 'content',
    ignoresCase: input['-i'] ?? false,
    isMultiline: input.multiline ?? false,
    before: input['-B'] ?? input['-C'] ?? 0,
    after: input['-A'] ?? input['-C'] ?? 0,
  };
}

const context = { type: 'integer', minimum: 0, maximum: MAX_CONTEXT } as const;

export const grepInputSchema: ObjectSchema = objectSchema(
  {
    pattern: {
      type: 'string',
      minLength: 1,
      maxLength: 10_000,
      description: 'A regular expression.',
    },
    path: {
      type: 'string',
      minLength: 1,
      maxLength: 4096,
      description: 'The file or directory to search; the workspace folder unless given.',
    },
    glob: {
      type: 'string',
      minLength: 1,
      maxLength: 4096,
      description: 'Only in such files: "*.ts", "src/**/*.{js,jsx}".',
    },
    output_mode: {
      type: 'string',
      enum: ['content', 'files_with_matches', 'count'],
      default: 'content',
      description: 'The lines that match, the files only, or how many lines in each.',
    },
    '-i': { type: 'boolean', default: false, description: 'Ignore case.' },
    '-n': { type: 'boolean', default: true, description: 'Show line numbers.' },
    '-A': { ...context, description: 'Lines to show after each match.' },
    '-B': { ...context, description: 'Lines to show before each match.' },
    '-C': { ...context, description: 'Lines to show before and after.' },
    multiline: { type: 'boolean', default: false, description: 'Let a match span lines.' },
    head_limit: {
      type: 'integer',
      minimum: 1,
      maximum: MAX_HEAD,
      default: DEFAULT_HEAD,
      description: 'How many lines (or files) to return at most.',
    },
  },
  ['pattern'],
);
