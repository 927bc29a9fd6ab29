import { HoldfastError } from '../common/errors.ts';
import { whyDeceptive } from './shell/characters.ts';

/** `Tool` or `Tool(specifier)`. */
export interface PermissionRule {
  /** As it is written, without spaces around. */
  readonly text: string;
  readonly tool: string;
  readonly specifier: string | undefined;
}

/** The tools that each of these covers besides itself, as Claude Code has it. */
const COVERED_TOOLS = new Map<string, readonly string[]>([
  ['Read', ['Glob', 'Grep', 'LS', 'NotebookRead']],
  ['Edit', ['MultiEdit', 'NotebookEdit']],
  ['Write', []],
]);
const EDITING = new Set(['Edit', 'MultiEdit', 'NotebookEdit', 'Write']);
const PATH_TOOLS = new Set([...COVERED_TOOLS].flatMap(([tool, others]) => [tool, ...others]));
const KNOWN_TOOLS = new Map(
  ['Bash', 'WebFetch', 'WebSearch', 'Task', ...PATH_TOOLS].map((tool) => [
    tool.toLowerCase(),
    tool,
  ]),
);
const TOOL = /^[A-Za-z][A-Za-z0-9_-]*$/;
const MCP_ALL = /^mcp__[A-Za-z0-9_-]+__\*$/;
const MAX_RULE_CHARACTERS = 2000;

/** Reads a rule as a person writes it. @throws HoldfastError `input.invalid`. */
export function parseRule(input: string): PermissionRule {
  const text = input.trim();
  const [, tool = '', specifier] = /^([^()]*)(?:\((.*)\))?$/s.exec(text) ?? [];
  const problem = whyNoRule(text, tool, specifier);
  if (problem !== undefined) {
    throw new HoldfastError('input.invalid', `${JSON.stringify(text)} is no rule: ${problem}`, {
      data: { rule: text, reason: problem },
    });
  }
  return { text, tool, specifier: specifier?.trim() };
}

/** The same for rules that were stored; undefined when this version cannot read it. */
export function tryParseRule(text: string): PermissionRule | undefined {
  try {
    return parseRule(text);
  } catch {
    return undefined;
  }
}

function whyNoRule(text: string, tool: string, specifier: string | undefined): string | undefined {
  if (text.length > MAX_RULE_CHARACTERS)
    return `it is longer than ${MAX_RULE_CHARACTERS} characters`;
  const deceptive = whyDeceptive(text);
  if (deceptive !== undefined) return deceptive;
  if (!TOOL.test(tool) && !MCP_ALL.test(tool)) {
    return 'it is written Tool or Tool(what), such as Bash(npm run test:*), Read(src/**) or mcp__server';
  }
  if (specifier === undefined) return undefined;
  if (specifier.trim() === '') return 'nothing stands in its brackets';
  if (tool.startsWith('mcp__')) return 'a rule for an MCP tool has no brackets';
  if (tool === 'WebFetch' && !/^domain:(\*\.)?[a-z0-9.-]+$/i.test(specifier.trim())) {
    return 'it is written WebFetch(domain:example.com)';
  }
  return undefined;
}

/** Whether a rule is about a tool at all. `forDeny`: rather too much than too little. */
export function coversTool(
  { tool, specifier }: PermissionRule,
  name: string,
  forDeny: boolean,
): boolean {
  if (tool === name) return true;
  if (tool.startsWith('mcp__')) return name.startsWith(`${tool.replace(/__\*$/, '')}__`);
  if (COVERED_TOOLS.get(tool)?.includes(name)) return true;
  // `Edit(src/**)` is about writing below src, by whichever tool; a bare `Edit` does not create files.
  if (tool === 'Edit' && EDITING.has(name)) return specifier !== undefined || forDeny;
  return forDeny && tool === 'Write' && EDITING.has(name);
}

/** A tool that we know something of, whatever the case in which it is written. */
export function knownToolName(name: string): string | undefined {
  return KNOWN_TOOLS.get(name.toLowerCase());
}

export function isPathTool(name: string): boolean {
  return PATH_TOOLS.has(name);
}

export function isEditingTool(name: string): boolean {
  return EDITING.has(name);
}
