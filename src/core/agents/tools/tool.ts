import * as v from 'valibot';
import { HoldfastError } from '../../common/errors.ts';
import type { Agent } from './agent.ts';

/** As much of JSON Schema as the tools need; what MCP and the editor's language-model tools are given. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: JsonSchema;
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
}

export interface ObjectSchema extends JsonSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
  readonly additionalProperties: boolean;
}

/** What clients may rely on when they decide whether to ask the user; as MCP names it. */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** One call of a tool. */
export interface ToolCall {
  readonly signal: AbortSignal;
  /** Aborted when nobody waits any more: a command then goes on as a background task at once. */
  readonly leave?: AbortSignal;
  /** Called now and then while the call waits, so that a client does not take it for dead. */
  readonly onWaiting?: (message: string) => void;
  /** Real paths outside of the approved directories that this one call may reach, by a rule or the user's word. */
  readonly approvedPaths?: readonly string[];
}

export interface ToolResult {
  /** For people, and for models of clients that do not hand on the structured form; many hand on nothing else. */
  readonly text: string;
  /** The same, complete in itself; fits the tool's output schema. */
  readonly structured: Readonly<Record<string, unknown>>;
}

/** A tool as every face offers it. */
export interface AgentTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  readonly outputSchema: ObjectSchema;
  readonly annotations: ToolAnnotations;
  /** Does nothing. @throws HoldfastError `input.invalid` for input that does not fit. */
  check(input: unknown): void;
  /** @throws HoldfastError as `check`, and what the tool throws. */
  run(agent: Agent, input: unknown, call: ToolCall): Promise<ToolResult>;
}

interface ToolParts<S extends v.GenericSchema> extends Omit<AgentTool, 'run' | 'check'> {
  /** Accepts what `inputSchema` accepts. */
  readonly input: S;
  run(agent: Agent, input: v.InferOutput<S>, call: ToolCall): ToolResult | Promise<ToolResult>;
}

export function defineTool<S extends v.GenericSchema>(parts: ToolParts<S>): AgentTool {
  const { input: schema, ...tool } = parts;
  return {
    ...tool,
    check: (input) => {
      parseInput(tool, schema, input);
    },
    run: async (agent, input, call) => parts.run(agent, parseInput(tool, schema, input), call),
  };
}

export function objectSchema(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = Object.keys(properties),
): ObjectSchema {
  return { type: 'object', properties, required, additionalProperties: false };
}

function parseInput<S extends v.GenericSchema>(
  tool: Pick<AgentTool, 'name' | 'inputSchema'>,
  schema: S,
  input: unknown,
): v.InferOutput<S> {
  const result = v.safeParse(schema, input ?? {});
  if (result.success) return result.output;
  const issues = result.issues.map(describeIssue);
  const { properties, required } = tool.inputSchema;
  const names = Object.keys(properties).map((name) =>
    required.includes(name) ? `${name} (required)` : name,
  );
  throw new HoldfastError(
    'input.invalid',
    `wrong input: ${issues.join('; ')}. ${tool.name} takes ${names.join(', ')}`,
  );
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  if (path === null) return 'expected an object';
  if (issue.expected === 'never') return `there is no parameter ${path}`;
  // The object says of a missing one only which key it expected.
  if (issue.type.endsWith('object') && issue.received === 'undefined') return `${path} is missing`;
  return `${path}: ${issue.message}`;
}
