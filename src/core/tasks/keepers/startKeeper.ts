import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PRIVATE_FILE_MODE, storeError } from '../../common/atomicFile.ts';
import { HoldfastError, systemErrorCode } from '../../common/errors.ts';
import { readJsonSync } from '../../common/jsonFile.ts';
import { currentBootId } from '../../processes/identity.ts';
import { keeperRecordSchema, type TaskRecord } from '../records.ts';
import { runningMarker, type TaskDirectory } from '../taskDirectory.ts';
import { DEFAULT_SHELL, type TaskHost } from '../taskHost.ts';
import type { KeeperKind } from '../types.ts';
import { environmentOfKeeper } from './nodeEnvironment.ts';
import { findPunchMethod } from './punchMethod.ts';
import { ensureWatcher } from './watcher.ts';

/** Far above what a start takes; a machine that swaps may need it. */
const START_DEADLINE_MS = 10_000;

/** The shell keeper wherever its log can be held to a bound without touching the writer; else the Node keeper. */
export async function chooseKeeper(host: TaskHost): Promise<KeeperKind> {
  if (process.platform === 'win32') return 'node';
  return (await findPunchMethod(host.workspace.home)) === undefined ? 'node' : 'sh';
}

/**
 * Starts the keeper of a task's next attempt and waits until the command runs (or has failed to be executed, which
 * then is its result). The task directory must be complete but for what its keeper writes.
 * @throws HoldfastError `task.startFailed`, `process.limitReached`, `disk.full`, `home.notWritable`.
 */
export async function startKeeper(
  host: TaskHost,
  files: TaskDirectory,
  record: TaskRecord,
  environment: Record<string, string>,
): Promise<void> {
  const marker = runningMarker(host.workspace, record.id);
  try {
    if (record.keeper === 'sh') {
      writeMarker(marker, record);
      await ensureWatcher(host);
    }
    await started(spawnKeeper(host, files, record, environment), files);
    // A watcher that had just seen the task's earlier run end may have taken the marker of this one away.
    if (record.keeper === 'sh' && !existsSync(marker)) writeMarker(marker, record);
  } catch (error) {
    rmSync(marker, { force: true });
    throw error;
  }
}

/** A keeper as its starter sees it. */
interface Keeper {
  readonly ended: Promise<KeeperEnd>;
  kill(): unknown;
}

/** How a keeper ended; all of it undefined but `exitCode` when it could be executed. */
interface KeeperEnd {
  readonly exitCode: number | undefined;
  readonly systemCode: string | undefined;
  readonly message: string | undefined;
}

function spawnKeeper(
  host: TaskHost,
  files: TaskDirectory,
  record: TaskRecord,
  environment: Record<string, string>,
): Keeper {
  const script = path.join(
    host.scriptsDirectory,
    `keeper.${record.keeper === 'sh' ? 'sh' : 'cjs'}`,
  );
  return record.keeper === 'sh'
    ? spawnDetached(
        host.keeperShell ?? DEFAULT_SHELL,
        [script, files.path, currentBootId(), ...argvThroughShell(record.argv, environment)],
        { cwd: record.cwd, env: environment },
      )
    : spawnDetached(host.nodeExecutable, [script, files.path], {
        cwd: record.cwd,
        env: environmentOfKeeper(environment),
      });
}

/** Starts a program in a session of its own. Not by execa, which takes a millisecond of the few that a start takes. */
function spawnDetached(
  program: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Keeper {
  let keeper: ChildProcess;
  try {
    // No pipes: one to this process would break, and its writer with it, when this process ends.
    keeper = spawn(program, args, { cwd, env, detached: true, stdio: 'ignore' });
  } catch (error) {
    // Of what the system refuses, some is thrown (E2BIG) and some told later.
    return { ended: Promise.resolve(failureOf(error)), kill: () => undefined };
  }
  keeper.unref();
  const ended = new Promise<KeeperEnd>((resolve) => {
    keeper.once('error', (error) => {
      resolve(failureOf(error));
    });
    keeper.once('exit', (code) => {
      resolve({ exitCode: code ?? undefined, systemCode: undefined, message: undefined });
    });
  });
  return { ended, kill: () => keeper.kill('SIGKILL') };
}

function failureOf(error: unknown): KeeperEnd {
  const systemCode = systemErrorCode(error);
  const message =
    systemCode === 'E2BIG'
      ? 'the command, with its environment, is longer than the system takes'
      : String(error instanceof Error ? error.message : error);
  return { exitCode: undefined, systemCode, message };
}

/** Variables that keeper.sh sets for itself. */
const OF_KEEPER =
  /^(task_directory|boot_id|umask|self|command|runner|line|pid|state|parent|start_time|record|command_pid|command_start_time)$/;

/**
 * dash takes variables whose names are no identifiers out of the environment, Bash's exported functions
 * (`BASH_FUNC_name%%`) among them, and keeper.sh those by the names of its own; env(1) puts them back.
 */
function argvThroughShell(argv: readonly string[], environment: Record<string, string>): string[] {
  const names = Object.keys(environment).filter(
    (name) => !/^[A-Za-z_]\w*$/.test(name) || OF_KEEPER.test(name),
  );
  const isWrappable = names.length > 0 && argv[0]?.includes('=') === false;
  if (!isWrappable) return [...argv];
  return ['env', ...names.map((name) => `${name}=${environment[name] ?? ''}`), ...argv];
}

/**
 * The keeper says that the command runs by its record; a watch on the directory would cost more than it saves, since
 * this takes some two milliseconds. To look again at once would keep its own processor from it.
 */
async function started(keeper: Keeper, files: TaskDirectory): Promise<void> {
  const ended: { result?: KeeperEnd } = {};
  void keeper.ended.then((result) => {
    ended.result = result;
  });
  const deadline = performance.now() + START_DEADLINE_MS;
  while (performance.now() < deadline) {
    if (readJsonSync(files.keeper, keeperRecordSchema).kind === 'ok') return;
    if (ended.result !== undefined) {
      requireRoom(files);
      throw startFailed(ended.result);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  // Lest it starts the command when nobody expects it any more.
  keeper.kill();
  throw new HoldfastError('task.startFailed', 'the keeper did not start the command in time');
}

/** A keeper that cannot write its record ends without a word. @throws HoldfastError `disk.full`. */
function requireRoom(files: TaskDirectory): void {
  try {
    writeFileSync(files.keeper, '\n', { mode: PRIVATE_FILE_MODE });
    rmSync(files.keeper);
  } catch (error) {
    throw storeError(`creating ${files.keeper}`, error);
  }
}

function startFailed({ exitCode, systemCode, message }: KeeperEnd): HoldfastError {
  const isLimit = systemCode === 'EAGAIN' || systemCode === 'EMFILE' || systemCode === 'ENFILE';
  return new HoldfastError(
    isLimit ? 'process.limitReached' : 'task.startFailed',
    message ?? 'the keeper ended before the command ran',
    { data: { systemCode, exitCode } },
  );
}

/** What watch.sh needs to know, in the one line it reads. */
function writeMarker(marker: string, record: TaskRecord): void {
  const { policy } = record;
  const line = [
    policy.outputLimitBytes,
    policy.timeLimitSec,
    policy.shutdown,
    policy.stopGraceSec,
    policy.leaseGraceSec,
    record.uuid,
  ].join(' ');
  try {
    writeFileSync(marker, `${line}\n`, { mode: PRIVATE_FILE_MODE });
  } catch (error) {
    throw storeError(`creating ${marker}`, error);
  }
}
