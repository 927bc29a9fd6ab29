import type { Workspace } from '../store/workspace.ts';
import type { Approval } from './approval.ts';
import { decide, type PermissionMode } from './decide.ts';
import type { Decision } from './decision.ts';
import type { ToolInput } from './toolInput.ts';

/** What a tool wants to do. */
export interface ToolUse {
  readonly tool: string;
  readonly input: ToolInput;
  /** Where it works; the workspace's folder unless given. */
  readonly cwd?: string | undefined;
  /** What counts now: see `readCountingApprovals`. */
  readonly approvals: readonly Approval[];
  readonly nowMs: number;
}

/** Nothing is bypassed. */
export const ordinaryMode: PermissionMode = { bypass: false, trusted: true };

/**
 * Answers whether a tool may do what it wants in a workspace. Our own store is out of reach for approvals of files and
 * commands: who writes there decides what is allowed.
 */
export function decideInWorkspace(
  { folder, home }: Workspace,
  { cwd, ...use }: ToolUse,
  mode: PermissionMode = ordinaryMode,
): Promise<Decision> {
  return decide({
    ...use,
    ...(cwd === undefined ? {} : { cwd }),
    workspaceFolder: folder,
    mode,
    protectedDirectories: [home],
  });
}
