import path from 'node:path';
import { leaseHoldersIn } from '../../core/tasks/leases.ts';
import {
  PERSISTED_NOTICE,
  persistsClaudeSessions,
} from '../../core/agents/claude-code/background/persistence.ts';
import {
  startAgent,
  type StartAgentRequest,
} from '../../core/agents/claude-code/background/startAgent.ts';
import { ensureHome } from '../../core/store/home.ts';
import { readWorkspaceSettings } from '../../core/store/workspaceSettings.ts';
import type { TaskHost } from '../../core/tasks/taskHost.ts';
import type { ShutdownPolicy, TaskSnapshot } from '../../core/tasks/types.ts';
import { noteTask } from '../sessions/sessionForTask.ts';
import { tell } from '../stdio.ts';
import { launcherTarget } from './launcherTarget.ts';

/**
 * Starts an agent from a terminal. No window is what it depends on, so it goes on unless somebody has said otherwise:
 * by the option, the environment or the folder's `.env`.
 * @throws HoldfastError as {@link startAgent}.
 */
export async function startFromTerminal(
  host: TaskHost,
  request: Omit<StartAgentRequest, 'policy' | 'retention' | 'launcher'>,
  onShutdown: ShutdownPolicy | undefined,
): Promise<TaskSnapshot> {
  ensureHome(host.workspace.home);
  const settings = readWorkspaceSettings(host.workspace);
  const persists = persistsClaudeSessions(host.environment, host.workspace.folder);
  const shutdown = onShutdown ?? (persists === false ? 'terminate' : 'keep');
  const task = await startAgent(host, {
    ...request,
    policy: { ...settings.policy, shutdown },
    retention: settings.retention,
    launcher: launcherTarget(),
  });
  if (task.session !== undefined) await noteTask(host, task.session, task);
  if (shutdown === 'keep') tell(PERSISTED_NOTICE);
  else warnOfEnd(host, task);
  return task;
}

/** Without a window it would end a minute later, to its user's surprise. */
function warnOfEnd({ workspace }: TaskHost, { id, policy }: TaskSnapshot): void {
  if (leaseHoldersIn(path.join(workspace.directory, 'leases')).length > 0) return;
  tell(
    `no window has ${workspace.folder} open: ${id} is ended in ${policy.leaseGraceSec} s unless one opens`,
  );
}
