import { existsSync, readdirSync, statSync, type Stats } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { readJsonSync, readSmallFileSync } from '../common/jsonFile.ts';
import { currentBootId, isAlive } from '../processes/identity.ts';
import { currentAttempt } from './attempts.ts';
import { isHeldInForeground } from './foreground.ts';
import {
  exitRecordSchema,
  keeperRecordSchema,
  stopRecordSchema,
  taskRecordSchema,
  type AgentRecord,
  type ExitRecord,
  type KeeperRecord,
  type StopRecord,
} from './records.ts';
import { taskDirectoryAt, taskNumber, type TaskDirectory } from './taskDirectory.ts';
import type { LossReason, TaskAgent, TaskSnapshot, TaskStatus } from './types.ts';

/** A starter that has claimed a directory is given this long to have its keeper start the command. */
const STARTING_MS = 10_000;

/** Reads one task and works out where it stands, or undefined when there is no such task (any more). */
export function readTask(directory: string, nowMs: number): TaskSnapshot | undefined {
  const task = readOnce(directory, nowMs);
  // The end may have been recorded between our look at the records and our look at the processes.
  const mayHaveEnded =
    task?.lossReason === 'vanished' && existsSync(taskDirectoryAt(directory).exit);
  return mayHaveEnded ? readOnce(directory, nowMs) : task;
}

function readOnce(directory: string, nowMs: number): TaskSnapshot | undefined {
  const files = taskDirectoryAt(directory);
  const id = path.basename(directory);
  const number = taskNumber(id);
  const names = namesIn(directory);
  if (number === undefined || names === undefined || names.has('removed')) return undefined;
  const record = readJsonSync(files.task, taskRecordSchema);
  if (record.kind !== 'ok') return undefined;
  const task = record.value;

  const exit = names.has('exit.json') ? readOrNothing(files.exit, exitRecordSchema) : undefined;
  // Who kept a task that is over is of no use any more: its pids may be strangers' by now.
  const keeper =
    exit === undefined && names.has('keeper.json')
      ? readOrNothing(files.keeper, keeperRecordSchema)
      : undefined;
  const stop = names.has('stop.json') ? readOrNothing(files.stop, stopRecordSchema) : undefined;
  const createdAtMs = Date.parse(task.createdAt);
  const output = statOrNothing(files.output);
  const startedAtMs = names.has('keeper.json') ? statOrNothing(files.keeper)?.mtimeMs : undefined;
  const exitedAtMs = exit === undefined ? undefined : statOrNothing(files.exit)?.mtimeMs;
  const status = statusOf({
    keeper,
    exit,
    stop,
    startingAtMs: names.has('attempts') ? newestOf(files, createdAtMs) : createdAtMs,
    nowMs,
  });
  const exitCode = exit?.code ?? undefined;
  const isForeground = names.has('foreground') && isHeldInForeground(files);
  // Its agent has been told and has deleted it between our first look and this one; it was no task of anybody else's.
  if (names.has('foreground') && !isForeground && !existsSync(files.task)) return undefined;
  return {
    id,
    number,
    cookie: task.uuid,
    directory,
    title: (names.has('title') ? readSmallFileSync(files.title)?.trim() : undefined) ?? task.title,
    command: task.command,
    cwd: task.cwd,
    session: task.session ?? undefined,
    keeper: task.keeper,
    terminal: task.terminal && { socket: keeper?.terminal?.socket },
    policy: task.policy,
    status,
    lossReason: status === 'lost' ? lossReasonOf(keeper, exit) : undefined,
    pid: keeper?.command.pid,
    processes: keeper && { keeper: keeper.keeper, runner: keeper.runner, command: keeper.command },
    exitCode,
    signal: signalOf(exitCode),
    stop: stop && { by: stop.by, reason: stop.reason },
    createdAtMs,
    startedAtMs,
    endedAtMs: status === 'running' ? undefined : (exitedAtMs ?? output?.mtimeMs),
    outputBytes: output?.size ?? 0,
    droppedBytes: names.has('dropped') ? readDroppedBytes(files) : 0,
    isLogMissing: output === undefined,
    lastOutputAtMs: output === undefined || output.size === 0 ? undefined : output.mtimeMs,
    attempt: names.has('attempts') ? currentAttempt(files) : 1,
    ...(task.agent === undefined ? {} : { agent: agentOf(task.agent) }),
    ...(isForeground ? { isForeground: true } : {}),
  };
}

function agentOf({ name, mode, session }: AgentRecord): TaskAgent {
  return { name, mode, session };
}

/** Up to which offset the log is a hole; see keeper/watch.sh. */
export function readDroppedBytes(files: TaskDirectory): number {
  const text = readSmallFileSync(files.dropped)?.trim() ?? '0';
  return /^\d+$/.test(text) ? Number(text) : 0;
}

function statusOf(known: {
  keeper: KeeperRecord | undefined;
  exit: ExitRecord | undefined;
  stop: StopRecord | undefined;
  startingAtMs: number;
  nowMs: number;
}): TaskStatus {
  const { keeper, exit, stop, startingAtMs, nowMs } = known;
  if (exit !== undefined) {
    if (stop !== undefined) return stop.reason === 'time-limit' ? 'timed out' : 'killed';
    if (exit.code === null) return 'lost';
    return signalOf(exit.code) === undefined ? 'completed' : 'killed';
  }
  if (keeper === undefined) {
    const isStarting = Math.abs(nowMs - startingAtMs) < STARTING_MS;
    return isStarting ? 'running' : 'lost';
  }
  // The command alone is enough: its keeper may have been killed. The keeper alone is, too: it is about to write the
  // exit record, or waits for room on the disk to write it.
  const processes = [keeper.command, keeper.runner, keeper.keeper];
  return processes.some((identity) => identity !== undefined && isAlive(identity))
    ? 'running'
    : 'lost';
}

function lossReasonOf(keeper: KeeperRecord | undefined, exit: ExitRecord | undefined): LossReason {
  if (exit !== undefined) return 'exit code unknown';
  if (keeper === undefined) return 'never started';
  return keeper.command.bootId === currentBootId() ? 'vanished' : 'reboot';
}

/** A restart writes into `attempts`, so its age tells when the current attempt was begun. */
function newestOf(files: TaskDirectory, createdAtMs: number): number {
  return Math.max(createdAtMs, statOrNothing(files.attempts)?.mtimeMs ?? 0);
}

const signalNames = new Map<number, NodeJS.Signals>(
  Object.entries(constants.signals).map(([name, number]) => [number, name as NodeJS.Signals]),
);

/**
 * A shell tells a child's death by signal n as exit code 128 + n (POSIX, 2.8.2), and programs that end because of one
 * use the same numbers.
 */
function signalOf(exitCode: number | undefined): NodeJS.Signals | undefined {
  return exitCode === undefined || exitCode <= 128 ? undefined : signalNames.get(exitCode - 128);
}

function readOrNothing<S extends Parameters<typeof readJsonSync>[1]>(
  file: string,
  schema: S,
): Extract<ReturnType<typeof readJsonSync<S>>, { kind: 'ok' }>['value'] | undefined {
  const result = readJsonSync(file, schema);
  return result.kind === 'ok' ? result.value : undefined;
}

function namesIn(directory: string): Set<string> | undefined {
  try {
    return new Set(readdirSync(directory));
  } catch {
    return undefined;
  }
}

function statOrNothing(file: string): Stats | undefined {
  return statSync(file, { throwIfNoEntry: false });
}
