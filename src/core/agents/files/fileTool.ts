import * as v from 'valibot';
import { HoldfastError } from '../../common/errors.ts';
import {
  defineTool,
  type AgentTool,
  type JsonSchema,
  type ToolCall,
  type ToolResult,
} from '../tools/tool.ts';
import type { FileDesk } from './fileDesk.ts';

/** A tool as it is described to models. */
export type ToolDefinition = Omit<AgentTool, 'run' | 'check'>;

/** A tool on files: what is said about it, and how it becomes one that works for an agent. */
export interface FileTool {
  readonly definition: ToolDefinition;
  bind(desk: FileDesk): AgentTool;
}

interface FileToolParts<S extends v.GenericSchema> extends ToolDefinition {
  readonly input: S;
  readonly run: (
    desk: FileDesk,
    input: v.InferOutput<S>,
    call: ToolCall,
  ) => ToolResult | Promise<ToolResult>;
}

export function defineFileTool<S extends v.GenericSchema>(parts: FileToolParts<S>): FileTool {
  const { input, run, ...definition } = parts;
  return {
    definition,
    bind: (desk) =>
      defineTool({
        ...definition,
        input,
        run: (_agent, given, call) => run(desk, given, call),
      }),
  };
}

export const reading = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const;

export const changing = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: false,
} as const;

const MAX_PATH_CHARS = 4096;

export const filePath = v.pipe(
  v.string('expected a string'),
  v.minLength(1, 'is empty'),
  v.maxLength(MAX_PATH_CHARS, 'is too long'),
);
export const filePathSchema: JsonSchema = {
  type: 'string',
  minLength: 1,
  maxLength: MAX_PATH_CHARS,
  description: 'Absolute, or relative to the workspace folder.',
};

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number) {
  return v.pipe(
    v.number('expected a number'),
    v.integer('expected a whole number'),
    v.minValue(min, `expected at least ${min}`),
    v.maxValue(max, `expected at most ${max}`),
  );
}

export function fileNotFound(realPath: string): HoldfastError {
  return new HoldfastError(
    'file.notFound',
    `there is no file ${realPath}. Find it with glob, or create it with write`,
  );
}
