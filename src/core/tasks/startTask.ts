import { randomUUID } from 'node:crypto';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  createFileSync,
  PRIVATE_FILE_MODE,
  storeError,
  writeFileAtomicSync,
} from '../common/atomicFile.ts';
import { HoldfastError } from '../common/errors.ts';
import { ensureWorkspace } from '../store/workspace.ts';
import { requireTerminals } from '../terminals/nodePty.ts';
import type { TerminalSize } from '../terminals/terminalSize.ts';
import { claimTaskId } from './claimTaskId.ts';
import { resolveCommand, type TaskCommand } from './commandLine.ts';
import { commandEnvironment, recordEnvironment, userEnvironment } from './environment.ts';
import { holdInForeground } from './foreground.ts';
import { chooseKeeper, startKeeper } from './keepers/startKeeper.ts';
import { pruneTasks, type Retention } from './pruneTasks.ts';
import { readTask } from './readTask.ts';
import type { AgentRecord, TaskRecord } from './records.ts';
import type { TaskDirectory } from './taskDirectory.ts';
import type { TaskHost } from './taskHost.ts';
import type { KeeperKind, TaskPolicy, TaskSnapshot } from './types.ts';

export interface StartTaskRequest {
  readonly command: TaskCommand;
  readonly shell: string;
  readonly cwd: string;
  /** A program with its arguments that is executed in place of the command, which follows as more arguments. */
  readonly wrapper?: readonly string[];
  readonly title?: string;
  readonly session?: string;
  /** Added to the environment of the host. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly policy: TaskPolicy;
  readonly retention: Retention;
  /** This process waits for it, and no list has it as long as it does; see foreground.ts. */
  readonly isForeground?: boolean;
  /** Run it in a terminal of this size that one can attach to, in place of giving it no input. */
  readonly terminal?: TerminalSize;
  /** The agent that the command runs. */
  readonly agent?: AgentRecord;
  /** What the agent is to do, for the file `prompt`. */
  readonly prompt?: string;
  /** For tests and odd file systems; else the best that works here. */
  readonly keeper?: KeeperKind;
}

/**
 * Starts a command as the workspace's next `bash_N`. It runs when this returns, and goes on without the caller.
 * @throws HoldfastError `task.commandEmpty`, `task.cwdMissing`, `task.tooMany`, `task.startFailed`,
 *   `process.limitReached`, `disk.full`, `home.unsafe`, `home.notWritable`, `terminal.unavailable`; nothing runs then.
 */
export async function startTask(host: TaskHost, request: StartTaskRequest): Promise<TaskSnapshot> {
  const { argv, text } = resolveCommand(request.command, request.shell);
  requireDirectory(request.cwd);
  ensureWorkspace(host.workspace, host.clock.now());
  pruneTasks(host.workspace, request.retention, host.clock.now(), 1);
  const keeper = await keeperFor(host, request);
  const environment = { ...userEnvironment(host.environment), ...request.environment };

  const files = claimTaskId(host.workspace);
  const id = path.basename(files.path);
  const record: TaskRecord = {
    v: 1,
    id,
    uuid: randomUUID(),
    ...(request.title === undefined ? {} : { title: request.title }),
    session: request.session ?? null,
    command: text,
    argv: [...(request.wrapper ?? []), ...argv],
    cwd: request.cwd,
    keeper,
    policy: { ...request.policy },
    ...(request.terminal === undefined ? {} : { terminal: { ...request.terminal } }),
    ...(request.agent === undefined ? {} : { agent: request.agent }),
    createdAt: new Date(host.clock.now()).toISOString(),
    starter: { pid: process.pid, face: host.face },
  };
  try {
    writeFileSync(files.output, '', { flag: 'wx', mode: PRIVATE_FILE_MODE });
    createFileSync(files.environment, `${JSON.stringify(recordEnvironment(environment))}\n`);
    if (request.prompt !== undefined) createFileSync(files.prompt, request.prompt);
    if (request.isForeground === true) holdInForeground(files);
    // Whole or not at all: with a part of it the task would count as damaged.
    writeFileAtomicSync(files.task, `${JSON.stringify(record)}\n`, { isDurable: false });
    await startKeeper(host, files, record, environmentOf(record, environment));
  } catch (error) {
    withdraw(files);
    throw error instanceof HoldfastError ? error : storeError(`creating ${files.path}`, error);
  }
  host.log.info('task.started', { id, keeper });
  return requireTask(files, host.clock.now());
}

/** Only Node can hold a terminal. */
async function keeperFor(host: TaskHost, request: StartTaskRequest): Promise<KeeperKind> {
  if (request.terminal === undefined) return request.keeper ?? (await chooseKeeper(host));
  requireTerminals(host.scriptsDirectory);
  return 'node';
}

export function environmentOf(
  record: TaskRecord,
  environment: Record<string, string>,
): Record<string, string> {
  return commandEnvironment(environment, { cookie: record.uuid, id: record.id, cwd: record.cwd });
}

/** @throws HoldfastError `task.cwdMissing`. */
export function requireDirectory(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new HoldfastError('task.cwdMissing', `there is no directory ${directory}`, {
    data: { cwd: directory },
  });
}

export function requireTask(files: TaskDirectory, nowMs: number): TaskSnapshot {
  const task = readTask(files.path, nowMs);
  if (task !== undefined) return task;
  throw new HoldfastError('task.notFound', `there is no ${path.basename(files.path)}`, {
    data: { id: path.basename(files.path) },
  });
}

/** Nothing ever ran under this number: leave only the tombstone that keeps it from being given out again. */
function withdraw(files: TaskDirectory): void {
  try {
    for (const file of [files.task, files.environment, files.output, files.prompt]) {
      rmSync(file, { force: true });
    }
    createFileSync(files.removed, '');
  } catch {
    // A directory without task.json is no task either; the sweep takes it away.
  }
}
