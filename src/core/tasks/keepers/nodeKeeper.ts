import { existsSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { createFileSync, writeFileAtomicSync } from '../../common/atomicFile.ts';
import { HoldfastError } from '../../common/errors.ts';
import { readJsonSync } from '../../common/jsonFile.ts';
import type { Log } from '../../common/log.ts';
import {
  currentBootId,
  ownIdentity,
  readIdentity,
  type ProcessIdentity,
} from '../../processes/identity.ts';
import { killTaskProcesses } from '../../processes/killProcessTree.ts';
import { findTaskProcesses } from '../../processes/taskProcesses.ts';
import { isCurrentRun } from '../currentRun.ts';
import { leaseHoldersIn } from '../leases.ts';
import { readDroppedBytes } from '../readTask.ts';
import { taskRecordSchema, type TaskRecord } from '../records.ts';
import { taskDirectoryAt, type TaskDirectory } from '../taskDirectory.ts';
import { BoundedLog } from './boundedLog.ts';

/** After the command is gone, its last output may still be on its way through the pipe. */
const DRAIN_MS = 100;
const WATCH_INTERVAL_MS = 1000;
const RECORD_RETRY_MS = 1000;

/**
 * Keeps one task from this process: the contract of keeper/keeper.sh and keeper/watch.sh for systems that have no
 * POSIX shell or cannot punch holes. The command's output comes through a pipe, so unlike there the command may die of
 * this process's death. Resolves when the command is over and nothing holds its output open any more.
 */
export async function keepTask(directory: string, log: Log): Promise<void> {
  const files = taskDirectoryAt(directory);
  const task = readTaskRecord(files);
  const output = new BoundedLog(files, task.policy.outputLimitBytes, readDroppedBytes(files));
  const environment = { ...process.env };
  // How the starter told an Electron to be Node; not for the command.
  delete environment['ELECTRON_RUN_AS_NODE'];
  // Both streams through one pipe, or their order would be lost. cmd.exe's syntax knows the same words.
  const [program = '', ...argv] = isWindows ? task.argv : [...mergeStreams, ...task.argv];
  const command = execa(program, argv, {
    cwd: task.cwd,
    env: environment,
    extendEnv: false,
    stdin: 'ignore',
    buffer: false,
    reject: false,
    cleanup: false,
    windowsVerbatimArguments: isWindows && path.basename(program).toLowerCase() === 'cmd.exe',
  });
  const commandIdentity = identityOfCommand(command.pid);
  try {
    const record = { v: 1, keeper: ownIdentity(), command: commandIdentity };
    writeFileAtomicSync(files.keeper, `${JSON.stringify(record)}\n`, { isDurable: false });
  } catch (error) {
    // What cannot be recorded (the disk is full) must not run: nobody would know of it.
    command.kill('SIGKILL');
    throw error;
  }

  let lastOutputAtMs = performance.now();
  const take = (bytes: Buffer): void => {
    lastOutputAtMs = performance.now();
    output.append(bytes);
  };
  command.stdout.on('data', take);
  command.stderr.on('data', take);
  const stopWatching = watchLimits(files, task, commandIdentity, log);

  const streamsEnded = Promise.all([ended(command.stdout), ended(command.stderr)]);
  const code = await exitCodeOf(command, (message) => {
    output.append(Buffer.from(`${message}\n`));
  });
  stopWatching();
  while (performance.now() - lastOutputAtMs < DRAIN_MS) {
    const isDrained = await Promise.race([streamsEnded.then(() => true), delay(10)]);
    if (isDrained === true) break;
  }
  await recordExit(files, commandIdentity, code);
  await streamsEnded;
  output.close();
}

const isWindows = process.platform === 'win32';
const mergeStreams = ['/bin/sh', '-c', 'exec "$@" 2>&1', 'sh'];

function readTaskRecord(files: TaskDirectory): TaskRecord {
  const task = readJsonSync(files.task, taskRecordSchema);
  if (task.kind === 'ok') return task.value;
  throw new HoldfastError('file.unreadable', `${files.task} cannot be read`, {
    data: { path: files.task },
  });
}

/** One that is over already cannot be told from others any more; nothing may ever match it then. */
function identityOfCommand(pid: number | undefined): ProcessIdentity {
  const identity = pid === undefined ? undefined : readIdentity(pid);
  return identity ?? { pid: pid ?? 0, startTime: '', bootId: currentBootId() };
}

/** As a shell gives it: 128 + n for signal n, 127 for what cannot be found, 126 for what cannot be executed. */
async function exitCodeOf(
  command: PromiseLike<{
    exitCode?: number | undefined;
    signal?: NodeJS.Signals | undefined;
    code?: string | undefined;
    shortMessage?: string | undefined;
  }> & {
    once(
      event: 'exit',
      listener: (code: number | null, signal: NodeJS.Signals | null) => void,
    ): unknown;
  },
  tell: (message: string) => void,
): Promise<number> {
  return new Promise((resolve) => {
    // The promise waits for the streams, too, which a child left behind may hold open; the event does not.
    command.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
    void command.then((result) => {
      if (result.exitCode !== undefined || result.signal !== undefined) return;
      tell(result.shortMessage ?? 'the command could not be executed');
      resolve(result.code === 'ENOENT' ? 127 : 126);
    });
  });
}

function ended(stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve) => {
    stream.once('close', resolve);
    stream.once('error', () => {
      resolve();
    });
  });
}

/** Enforces the time limit and the shutdown policy; the returned function ends the watch. */
function watchLimits(
  files: TaskDirectory,
  task: TaskRecord,
  command: ProcessIdentity,
  log: Log,
): () => void {
  const { timeLimitSec, shutdown, leaseGraceSec, stopGraceSec } = task.policy;
  // performance.now() does not jump with the clock on the wall.
  const startedAtMs = performance.now();
  let leasedAtMs = startedAtMs;
  const stop = (reason: string): void => {
    clearInterval(timer);
    createFileSync(files.stop, `${JSON.stringify({ v: 1, by: 'keeper', reason })}\n`);
    const marks = { cookie: task.uuid, logPath: files.output, roots: [command] };
    void killTaskProcesses({
      find: () => {
        const found = findTaskProcesses(marks);
        return isCurrentRun(files, command) ? found : [];
      },
      graceMs: stopGraceSec * 1000,
      log,
    });
  };
  const leases = path.join(files.path, '..', '..', 'leases');
  const timer = setInterval(() => {
    const nowMs = performance.now();
    if (shutdown === 'keep' || hasLease(leases)) leasedAtMs = nowMs;
    if (timeLimitSec > 0 && nowMs - startedAtMs >= timeLimitSec * 1000) stop('time-limit');
    else if (nowMs - leasedAtMs >= leaseGraceSec * 1000) stop('unleased');
  }, WATCH_INTERVAL_MS);
  return () => {
    clearInterval(timer);
  };
}

function hasLease(directory: string): boolean {
  return existsSync(directory) && readdirSync(directory).length > 0
    ? leaseHoldersIn(directory).length > 0
    : false;
}

/** A full disk is waited out; a deleted task directory is not. */
async function recordExit(
  files: TaskDirectory,
  command: ProcessIdentity,
  code: number,
): Promise<void> {
  while (existsSync(files.task) && isCurrentRun(files, command)) {
    try {
      writeFileAtomicSync(files.exit, `${JSON.stringify({ v: 1, code })}\n`);
      return;
    } catch {
      await delay(RECORD_RETRY_MS);
    }
  }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
