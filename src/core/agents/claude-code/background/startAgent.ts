import path from 'node:path';
import { HoldfastError } from '../../../common/errors.ts';
import { launcherDirectory, type LauncherTarget } from '../../../store/launcher.ts';
import { oneLine } from '../../../tasks/describeTask.ts';
import type { Retention } from '../../../tasks/pruneTasks.ts';
import { startTask } from '../../../tasks/startTask.ts';
import { DEFAULT_SHELL, type TaskHost } from '../../../tasks/taskHost.ts';
import type { TaskPolicy, TaskSnapshot } from '../../../tasks/types.ts';
import type { TerminalSize } from '../../../terminals/terminalSize.ts';
import { installParts } from '../installParts.ts';
import { agentRecord, type NewAgent } from './agentRecord.ts';
import { pathWithClaude } from './findClaude.ts';
import { PERSISTED_NOTICE } from './persistence.ts';

/** Its end is to be graceful: Claude Code writes down what it was doing, and tells its own programs. */
const LEAST_STOP_GRACE_SEC = 10;
const MAX_TITLE_CHARACTERS = 80;

export interface StartAgentRequest {
  readonly agent: NewAgent;
  /** What it is to do; for one in the background. */
  readonly prompt?: string;
  /** For one in a terminal. */
  readonly terminal?: TerminalSize;
  /** Where it works; the workspace's folder unless given. */
  readonly cwd?: string;
  readonly title?: string;
  /** The session of ours in which it is noted. */
  readonly session?: string;
  readonly policy: TaskPolicy;
  readonly retention: Retention;
  /** The command line that the task runs, where the home has none yet. */
  readonly launcher: LauncherTarget;
}

/**
 * Starts Claude Code as a task that does not need whoever started it. By the policy `terminate` it is ended when no
 * window wants it any more; by `keep` it goes on, and the log says so.
 * @throws HoldfastError `claude.notInstalled`, `input.invalid` for an empty prompt, and as {@link startTask}.
 */
export async function startAgent(
  host: TaskHost,
  request: StartAgentRequest,
): Promise<TaskSnapshot> {
  const { agent, prompt, policy } = request;
  const { home, folder } = host.workspace;
  if (agent.mode === 'background' && (prompt ?? '').trim() === '') {
    throw new HoldfastError('input.invalid', 'there is no prompt: say what Claude is to do');
  }
  const searchPath = pathWithClaude(host.environment);
  installParts(home, host.scriptsDirectory, request.launcher);
  const title = request.title ?? titleOf(request);
  const task = await startTask(host, {
    command: {
      kind: 'argv',
      argv: [launcherProgram(home), 'claude', 'run-agent', '--workspace', folder],
      text: commandText(request),
    },
    shell: DEFAULT_SHELL,
    cwd: request.cwd ?? folder,
    title,
    ...(request.session === undefined ? {} : { session: request.session }),
    environment: {
      PATH: searchPath,
      HOLDFAST_HOME: home,
      HOLDFAST_WORKSPACE: folder,
      ...(request.session === undefined ? {} : { HOLDFAST_SESSION: request.session }),
    },
    policy: { ...policy, stopGraceSec: Math.max(policy.stopGraceSec, LEAST_STOP_GRACE_SEC) },
    retention: request.retention,
    agent: agentRecord(agent),
    ...(prompt === undefined ? {} : { prompt }),
    ...(request.terminal === undefined ? {} : { terminal: request.terminal }),
  });
  if (policy.shutdown === 'keep') host.log.info(PERSISTED_NOTICE);
  return task;
}

function titleOf({ agent, prompt }: StartAgentRequest): string {
  if (prompt !== undefined) return oneLine(prompt, MAX_TITLE_CHARACTERS);
  return agent.sessionName === undefined ? 'Claude' : `Claude: ${agent.sessionName}`;
}

/** What a person would type to have the same without us. */
function commandText({ agent, prompt }: StartAgentRequest): string {
  if (prompt !== undefined) return oneLine(`claude -p ${JSON.stringify(prompt)}`);
  if (agent.branchOf !== undefined) return `claude --resume ${agent.branchOf} --fork-session`;
  return `claude --session-id ${agent.session}`;
}

function launcherProgram(home: string): string {
  const name = process.platform === 'win32' ? 'holdfast.cmd' : 'holdfast';
  return path.join(launcherDirectory(home), name);
}
