import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { AgentMode } from '../../../../src/core/agents/claude-code/background/agentRecord.ts';
import { startAgent } from '../../../../src/core/agents/claude-code/background/startAgent.ts';
import { projectSlug } from '../../../../src/core/agents/claude-code/transcripts/claudeDirectory.ts';
import { transcriptPath } from '../../../../src/core/agents/claude-code/transcripts/transcriptFiles.ts';
import { systemClock } from '../../../../src/core/common/clock.ts';
import { silentLog } from '../../../../src/core/common/log.ts';
import { readIdentity, type ProcessIdentity } from '../../../../src/core/processes/identity.ts';
import { ensureWorkspace, workspaceOf } from '../../../../src/core/store/workspace.ts';
import { defaultRetention } from '../../../../src/core/tasks/pruneTasks.ts';
import type { TaskHost } from '../../../../src/core/tasks/taskHost.ts';
import {
  defaultPolicy,
  type TaskPolicy,
  type TaskSnapshot,
} from '../../../../src/core/tasks/types.ts';
import { DEFAULT_SIZE } from '../../../../src/core/terminals/terminalSize.ts';
import { agentEnv } from './agents.ts';
import type { Claude } from './claude.ts';

export function hostOf(claude: Claude): TaskHost {
  const { cli } = claude;
  const workspace = workspaceOf(cli.home, cli.workspace);
  ensureWorkspace(workspace, Date.now());
  return {
    workspace,
    scriptsDirectory: path.dirname(cli.entry),
    nodeExecutable: process.execPath,
    face: 'test',
    environment: agentEnv(claude),
    clock: systemClock,
    log: silentLog,
  };
}

/** Starts an agent as a window does, with the policy that the test is about. */
export function startAs(
  claude: Claude,
  mode: AgentMode,
  given: {
    readonly session: string;
    readonly policy: Partial<TaskPolicy>;
    readonly prompt?: string;
    readonly args?: readonly string[];
  },
): Promise<TaskSnapshot> {
  const { session, policy, prompt, args = [] } = given;
  return startAgent(hostOf(claude), {
    agent: { mode, session, args: ['--permission-mode', 'default', ...args] },
    ...(prompt === undefined ? {} : { prompt }),
    ...(mode === 'terminal' ? { terminal: DEFAULT_SIZE } : {}),
    policy: { ...defaultPolicy, ...policy },
    retention: defaultRetention,
    launcher: { nodeExecutable: process.execPath, cliScript: claude.cli.entry },
  });
}

/** A window of the workspace, as far as tasks know of one: a process that holds a lease. */
export function openWindow(host: TaskHost): ProcessIdentity {
  const holder = spawn('sleep', ['1000'], { stdio: 'ignore', env: host.environment });
  const identity = readIdentity(holder.pid ?? 0);
  if (identity === undefined) throw new Error('the holder of the lease did not start');
  const leases = path.join(host.workspace.directory, 'leases');
  mkdirSync(leases, { recursive: true });
  writeFileSync(path.join(leases, `${identity.pid}.${identity.startTime}`), '');
  return identity;
}

/** The transcript of a session, each line of which must be whole. */
export function transcriptLines(claude: Claude, session: string): { readonly type?: string }[] {
  const file = transcriptPath(claude.configDirectory, projectSlug(claude.folder), session);
  const text = readFileSync(file, 'utf8');
  if (!text.endsWith('\n')) throw new Error(`${file} ends in a torn line`);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type?: string });
}
