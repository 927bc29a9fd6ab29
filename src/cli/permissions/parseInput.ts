import { readFileSync } from 'node:fs';
import { HoldfastError } from '../../core/common/errors.ts';
import { knownToolName } from '../../core/permissions/rule.ts';
import type { ToolInput } from '../../core/permissions/toolInput.ts';

const STDIN = 0;

/** What a tool is called with: its main argument as text, all of them as a JSON object, or either from stdin (`-`). */
export function parseToolInput(text: string): ToolInput {
  const input = text === '-' ? readFileSync(STDIN, 'utf8') : text;
  if (!/^\s*\{/.test(input)) return input;
  try {
    const value: unknown = JSON.parse(input);
    // A command line may begin with a brace as well; as JSON it is none.
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // No JSON: text.
  }
  return input;
}

/** @throws HoldfastError `input.invalid` for a tool that is written otherwise, since no rule would be about it. */
export function requireToolName(tool: string): string {
  const known = knownToolName(tool);
  if (known !== undefined && known !== tool) {
    throw new HoldfastError('input.invalid', `there is no tool ${tool}: it is written ${known}`);
  }
  return tool;
}
