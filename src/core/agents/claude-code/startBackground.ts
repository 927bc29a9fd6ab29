import { readFileSync, rmSync } from 'node:fs';
import { HoldfastError, systemErrorCode, unreadable } from '../../common/errors.ts';
import { readWorkspaceSettings } from '../../store/workspaceSettings.ts';
import { startTask } from '../../tasks/startTask.ts';
import type { TaskHost } from '../../tasks/taskHost.ts';
import type { TaskSnapshot } from '../../tasks/types.ts';
import { linkTask } from './claudeTasks.ts';
import { CHAINED_PREFIX_VARIABLE, quoteForShell } from './holdfastParts.ts';
import { backgroundCallSchema, parseHookInput, type BackgroundCall } from './hookInput.ts';

/** What claude-prefix.sh knows of a background command. */
export interface BackgroundRequest {
  readonly call: BackgroundCall;
  /** The line that Claude Code wants to be run, and the shell that it is written for. */
  readonly line: string;
  readonly shell: string;
  /** As Claude Code calls the task. */
  readonly claudeTask: string | undefined;
  /** The session of ours that it belongs to. */
  readonly session: string | undefined;
}

export interface TakenCall {
  readonly call: BackgroundCall;
  /** `CLAUDE_PROJECT_DIR` of the hook. */
  readonly projectDirectory: string | undefined;
}

/** Reads the note about a call and removes it. @throws HoldfastError `file.unreadable`, `input.invalid`. */
export function takeBackgroundCall(note: string): TakenCall {
  let json: string;
  try {
    json = readFileSync(note, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw unreadable(note, error);
    throw new HoldfastError('input.invalid', `there is no note ${note}`);
  }
  rmSync(note, { force: true });
  const [event = '', projectDirectory] = json.split('\n');
  const call = parseHookInput(event, backgroundCallSchema);
  if (call !== undefined) return { call, projectDirectory: projectDirectory || undefined };
  throw new HoldfastError('input.invalid', 'the note is of another shape');
}

/**
 * Starts a background command of Claude Code as a task: shown as Claude wrote it, run as Claude Code would run it.
 * @throws HoldfastError as {@link startTask}.
 */
export async function startBackground(
  host: TaskHost,
  request: BackgroundRequest,
): Promise<TaskSnapshot> {
  const { call, claudeTask, session } = request;
  const { policy, retention } = readWorkspaceSettings(host.workspace);
  const task = await startTask(host, {
    command: { kind: 'argv', argv: argvOf(host, request), text: call.tool_input.command },
    shell: request.shell,
    cwd: process.cwd(),
    ...(session === undefined ? {} : { session }),
    ...(session === undefined ? {} : { environment: { HOLDFAST_SESSION: session } }),
    policy,
    retention,
  });
  try {
    linkTask(host.workspace.home, call.session_id, task, {
      claudeTask,
      toolUse: call.tool_use_id,
    });
  } catch (error) {
    // It runs, and must not be run a second time; Claude is not told of it by name when it comes back.
    if (!HoldfastError.is(error)) throw error;
    host.log.warn('claude.taskNotLinked', { id: task.id, code: error.code });
  }
  return task;
}

/** As claude-prefix.sh has it: a prefix that the user had is given the line. */
function argvOf(host: TaskHost, { shell, line }: BackgroundRequest): string[] {
  const prefix = host.environment[CHAINED_PREFIX_VARIABLE];
  if (!prefix) return [shell, '-c', line];
  const at = prefix.lastIndexOf(' -');
  const program = at > 0 ? prefix.slice(0, at) : prefix;
  const words = at > 0 ? prefix.slice(at) : '';
  const call = `exec ${quoteForShell(program)}${words} ${quoteForShell(line)}`;
  return ['/bin/sh', '-c', `unset ${CHAINED_PREFIX_VARIABLE}; ${call}`];
}
