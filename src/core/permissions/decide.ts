import type { Approval } from './approval.ts';
import { decideBash } from './decideBash.ts';
import { decideFetch, decideNamed } from './decideOther.ts';
import { decidePaths } from './decidePath.ts';
import { decided, type Decision } from './decision.ts';
import { approvedDirectories, usableDirectories } from './directories.ts';
import { createPlaces, type Places } from './places.ts';
import { isPathTool } from './rule.ts';
import { readRules, rulesFor } from './rulesInForce.ts';
import { loadShellGrammar } from './shell/grammar.ts';
import { textArgument, type ToolInput } from './toolInput.ts';
import { toolPathsOf } from './toolPaths.ts';

/** How much the user has to be asked at all. */
export interface PermissionMode {
  /** The setting `holdfast.permissions.bypass`. */
  readonly bypass: boolean;
  /** Whether the workspace is trusted: nothing is bypassed in one that is not. */
  readonly trusted: boolean;
}

export interface PermissionRequest {
  readonly tool: string;
  readonly input: ToolInput;
  readonly workspaceFolder: string;
  /** Where the tool works; the workspace's folder unless given. */
  readonly cwd?: string;
  /** Of the workspace and of the session; the order does not matter. */
  readonly approvals: readonly Approval[];
  readonly nowMs: number;
  readonly mode: PermissionMode;
  /** Directories that no approval of a command or a folder reaches, such as the store's home. */
  readonly protectedDirectories?: readonly string[];
  /** Where the shell grammar lies; beside the bundle unless given. */
  readonly grammarDirectory?: string;
}

/**
 * Answers whether a tool may do what it wants: `allow`, `deny`, or `ask` a person. Deny beats ask beats allow, whatever
 * the scope or the order.
 */
export async function decide(request: PermissionRequest): Promise<Decision> {
  const { tool, input, nowMs, mode } = request;
  const all = readRules(request.approvals);
  const rules = rulesFor(tool, all, nowMs);
  const places = placesOf(request);
  const cwd = request.cwd ?? places.folder;
  const bypass = mode.bypass && mode.trusted;
  if (tool === 'Bash') {
    const command = textArgument(input, 'command') ?? '';
    const reading = rulesFor('Read', all, nowMs);
    const writing = rulesFor('Write', all, nowMs);
    const grammar = await loadShellGrammar(request.grammarDirectory);
    return decideBash({ command, cwd, places, grammar, reading, writing }, rules, { bypass });
  }
  const decision = isPathTool(tool)
    ? decidePaths({ tool, cwd, places }, toolPathsOf(tool, input, places.folder), rules)
    : tool === 'WebFetch'
      ? decideFetch(input, rules)
      : decideNamed(tool, input, rules);
  if (!bypass || decision.decision === 'deny') return decision;
  return decided('allow', 'permissions are bypassed, and nothing denies it');
}

/** The directories that an approval is about: the folder, and those approved ones that are still what they were. */
function placesOf({
  workspaceFolder,
  approvals,
  nowMs,
  protectedDirectories,
}: PermissionRequest): Places {
  const directories = usableDirectories(approvedDirectories(approvals, nowMs));
  return createPlaces(workspaceFolder, directories, protectedDirectories);
}
