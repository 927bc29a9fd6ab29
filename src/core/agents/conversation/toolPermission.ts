import path from 'node:path';
import type { ToolInput } from '../../permissions/toolInput.ts';

/** What a call of a tool is for the permission rules. */
export interface PermissionSubject {
  /** As rules name it: `Bash`, `Read`, … */
  readonly tool: string;
  readonly input: ToolInput;
  readonly cwd: string | undefined;
}

const RULE_NAMES = new Map([
  ['bash', 'Bash'],
  ['read', 'Read'],
  ['write', 'Write'],
  ['edit', 'Edit'],
  ['glob', 'Glob'],
  ['grep', 'Grep'],
]);

/** They only show what Holdfast itself runs. */
const HARMLESS = new Set(['bash_output', 'list_bashes']);

export function isHarmlessTool(name: string): boolean {
  return HARMLESS.has(name);
}

/** @param shellCwd where the agent's next command runs. */
export function permissionSubject(
  name: string,
  input: unknown,
  shellCwd: string,
): PermissionSubject {
  const given =
    typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {};
  const tool = RULE_NAMES.get(name) ?? name;
  if (tool !== 'Bash') return { tool, input: given, cwd: undefined };
  const own = typeof given['cwd'] === 'string' ? given['cwd'] : '.';
  return { tool, input: given, cwd: path.resolve(shellCwd, own) };
}
