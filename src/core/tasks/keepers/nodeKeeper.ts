import { constants } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import type { Log } from '../../common/log.ts';
import { readDroppedBytes } from '../readTask.ts';
import type { TaskRecord } from '../records.ts';
import type { TaskDirectory } from '../taskDirectory.ts';
import { BoundedLog } from './boundedLog.ts';
import { environmentOfCommand } from './nodeEnvironment.ts';
import { delay, identityOfCommand, recordExit, recordKeeper } from './keeperRecords.ts';
import { watchLimits } from './taskLimits.ts';

/** After the command is gone, its last output may still be on its way through the pipe. */
const DRAIN_MS = 100;

/**
 * Keeps one task from this process: the contract of keeper/keeper.sh and keeper/watch.sh for systems that have no
 * POSIX shell or cannot punch holes. The command's output comes through a pipe, so unlike there the command may die of
 * this process's death. Resolves when the command is over and nothing holds its output open any more.
 */
export async function keepTask(files: TaskDirectory, task: TaskRecord, log: Log): Promise<void> {
  const output = new BoundedLog(files, task.policy.outputLimitBytes, readDroppedBytes(files));
  // Both streams through one pipe, or their order would be lost. cmd.exe's syntax knows the same words.
  const [program = '', ...argv] = isWindows ? task.argv : [...mergeStreams, ...task.argv];
  const command = execa(program, argv, {
    cwd: task.cwd,
    env: environmentOfCommand(process.env),
    extendEnv: false,
    stdin: 'ignore',
    buffer: false,
    reject: false,
    cleanup: false,
    windowsVerbatimArguments: isWindows && path.basename(program).toLowerCase() === 'cmd.exe',
  });
  const commandIdentity = identityOfCommand(command.pid);
  try {
    recordKeeper(files, commandIdentity);
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
