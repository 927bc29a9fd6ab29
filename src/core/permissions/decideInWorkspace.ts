import type { Clock } from '../common/clock.ts';
import type { Workspace } from '../store/workspace.ts';
import { readCountingApprovals, type SessionApprovals } from './approvals.ts';
import { decide, type PermissionMode } from './decide.ts';
import type { Decision } from './decision.ts';
import type { ToolInput } from './toolInput.ts';

/** What a tool wants to do, and for whom. */
export interface ToolUse {
  readonly tool: string;
  readonly input: ToolInput;
  /** Where it works; the workspace's folder unless given. */
  readonly cwd?: string | undefined;
  /** Its approvals count besides those of the workspace. */
  readonly session?: SessionApprovals | undefined;
}

/** Asks every time unless something allows it. */
export const ordinaryMode: PermissionMode = { bypass: false, trusted: true };

/**
 * Answers whether a tool may do what it wants, by the approvals on the disk at this moment.
 * @throws HoldfastError `file.unreadable`.
 */
export async function decideInWorkspace(
  { workspace, clock }: { readonly workspace: Workspace; readonly clock: Clock },
  { tool, input, cwd, session }: ToolUse,
  mode: PermissionMode = ordinaryMode,
): Promise<Decision> {
  const { approvals } = readCountingApprovals(workspace, session);
  return decide({
    tool,
    input,
    workspaceFolder: workspace.folder,
    ...(cwd === undefined ? {} : { cwd }),
    approvals,
    nowMs: clock.now(),
    mode,
    protectedDirectories: [workspace.home],
  });
}
