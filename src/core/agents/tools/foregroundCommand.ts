import { HoldfastError } from '../../common/errors.ts';
import { isAlive } from '../../processes/identity.ts';
import { commandEnvironment } from '../../tasks/environment.ts';
import { forgetForeground, moveToBackground } from '../../tasks/foreground.ts';
import { killTask, processesOf } from '../../tasks/killTask.ts';
import { lineBufferingWrapper } from '../../tasks/lineBuffering.ts';
import { requireTask, startTask, type StartTaskRequest } from '../../tasks/startTask.ts';
import { taskDirectoryAt } from '../../tasks/taskDirectory.ts';
import type { TaskHost } from '../../tasks/taskHost.ts';
import type { TaskSnapshot } from '../../tasks/types.ts';
import type { Agent } from './agent.ts';
import type { ShellStart, ShellState } from './agentShell.ts';
import { agentShell, canCapture, captureShell } from './shellCapture.ts';
import type { ToolCall } from './tool.ts';
import { waitForEnd } from './waitForEnd.ts';

/** How often a waiting client is told that the call is alive. */
const TELL_WAITING_MS = 5000;
/** How long the keeper of a command that is over may take to go. */
const KEEPER_GONE_MS = 500;

export interface CommandRequest {
  readonly line: string;
  readonly title: string | undefined;
  readonly cwd: string;
  readonly start: ShellStart;
}

export interface Finished {
  /** As it stands now; it runs if its time was up. */
  readonly task: TaskSnapshot;
  /** As it was started, with the processes that keep it. */
  readonly started: TaskSnapshot;
  /** Alive although the command is over. */
  readonly leftProcesses: number;
}

/** Starts a command as one of the agent's tasks. */
export function startCommand(
  agent: Agent,
  { line, title, cwd, start }: CommandRequest,
  options: Pick<StartTaskRequest, 'isForeground' | 'wrapper' | 'terminal'>,
): Promise<TaskSnapshot> {
  const { session } = agent;
  const { policy, retention, lineBuffering } = agent.settings();
  const environment = { ...start.environment, ...ownVariables(agent) };
  const host: TaskHost = { ...agent.host, environment };
  const isPlain = options.isForeground !== true && options.terminal === undefined;
  return startTask(host, {
    command: { kind: 'line', line },
    shell: agentShell(environment),
    cwd,
    ...(title === undefined ? {} : { title }),
    ...(session === undefined ? {} : { session }),
    policy,
    retention,
    // A command that is waited for is read when it has ended.
    ...(isPlain && lineBuffering ? { wrapper: lineBufferingWrapper(environment) } : {}),
    ...options,
  });
}

/**
 * Runs a command and waits for its end, at most for `timeoutMs`: then it goes on as a background task. What its shell
 * has changed carries over to the agent's next command.
 * @throws HoldfastError as {@link startTask}; the signal's reason when the call was given up, and the whole tree with it.
 */
export async function runForeground(
  agent: Agent,
  request: CommandRequest,
  { timeoutMs, call }: ForegroundOptions,
): Promise<Finished> {
  const shell = agentShell(request.start.environment);
  const capture = canCapture(shell) ? captureShell(agent.captureDirectory(), shell) : undefined;
  try {
    const wrapper = capture === undefined ? {} : { wrapper: capture.wrapper };
    const started = await startCommand(agent, request, { isForeground: true, ...wrapper });
    const task = await untilEndOrTimeout(agent.host, started, timeoutMs, call);
    if (call.signal.aborted) {
      await giveUp(agent.host, started);
      throw call.signal.reason;
    }
    const after = task.status === 'running' ? undefined : capture?.take();
    if (after !== undefined) agent.shell.finish(givenTo(agent, request, started), after);
    const leftProcesses = task.status === 'running' ? 0 : processesOf(started).length;
    return { task, started, leftProcesses };
  } finally {
    // A command that goes on finds its file gone, and writes nothing.
    capture?.dispose();
  }
}

export interface ForegroundOptions {
  readonly timeoutMs: number;
  readonly call: ToolCall;
}

/** So that `holdfast run` inside the command belongs to the same session. */
function ownVariables({ session }: Agent): Record<string, string> {
  return session === undefined ? {} : { HOLDFAST_SESSION: session };
}

/** Where the command's shell stood before its first word. */
function givenTo(agent: Agent, request: CommandRequest, task: TaskSnapshot): ShellState {
  const environment = { ...request.start.environment, ...ownVariables(agent) };
  return {
    cwd: request.cwd,
    environment: commandEnvironment(environment, {
      cookie: task.cookie,
      id: task.id,
      cwd: request.cwd,
    }),
  };
}

/** From now on it is in every list. */
export function keepInBackground(agent: Agent, task: TaskSnapshot): void {
  moveToBackground(taskDirectoryAt(task.directory));
  agent.noteTask(task);
}

/** Deletes a command whose whole result has been told. */
export async function forget(host: TaskHost, task: TaskSnapshot): Promise<void> {
  const { keeper, runner } = task.processes ?? {};
  const deadlineMs = performance.now() + KEEPER_GONE_MS;
  const areThere = (): boolean =>
    [keeper, runner].some((identity) => identity !== undefined && isAlive(identity));
  while (areThere() && performance.now() < deadlineMs) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  try {
    forgetForeground(host.workspace, task);
  } catch (error) {
    // It shows as a finished task when this process is gone, which harms nobody.
    host.log.warn('task.notForgotten', { id: task.id, message: String(error) });
  }
}

async function untilEndOrTimeout(
  host: TaskHost,
  task: TaskSnapshot,
  timeoutMs: number,
  { signal, leave, onWaiting }: ToolCall,
): Promise<TaskSnapshot> {
  const startedAtMs = performance.now();
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - startedAtMs) / 1000);
    onWaiting?.(`${task.id} has been running for ${seconds} s`);
  }, TELL_WAITING_MS);
  try {
    return await waitForEnd(host, task, {
      timeoutMs,
      signal,
      until: () => leave?.aborted === true,
    });
  } finally {
    clearInterval(timer);
  }
}

/** The agent wants no answer any more, so nobody would know what it has left running. */
async function giveUp(host: TaskHost, task: TaskSnapshot): Promise<void> {
  try {
    await killTask(host, requireTask(taskDirectoryAt(task.directory), host.clock.now()), {
      reason: 'cancelled',
    });
  } catch (error) {
    // Something of it lives: let the user see it.
    moveToBackground(taskDirectoryAt(task.directory));
    if (HoldfastError.is(error)) host.log.warn('task.notCancelled', { id: task.id, error });
    throw error;
  }
  await forget(host, task);
}
