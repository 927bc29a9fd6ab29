import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {
  createFileSync,
  PRIVATE_DIRECTORY_MODE,
  PRIVATE_FILE_MODE,
  storeError,
  writeFileAtomicSync,
} from '../common/atomicFile.ts';
import { HoldfastError, systemErrorCode } from '../common/errors.ts';
import { readJsonSync } from '../common/jsonFile.ts';
import { readCursor } from './cursors.ts';
import { restoreEnvironment } from './environment.ts';
import { startKeeper } from './keepers/startKeeper.ts';
import { killTask } from './killTask.ts';
import { readDroppedBytes } from './readTask.ts';
import {
  attemptRecordSchema,
  environmentRecordSchema,
  taskRecordSchema,
  type TaskRecord,
} from './records.ts';
import { environmentOf, requireDirectory, requireTask } from './startTask.ts';
import { taskDirectoryAt, type TaskDirectory } from './taskDirectory.ts';
import type { TaskHost } from './taskHost.ts';
import type { TaskSnapshot } from './types.ts';

export interface RestartResult {
  readonly task: TaskSnapshot;
  /** Secrets of the first run that the restarting program's environment does not have. */
  readonly missingSecrets: readonly string[];
}

/**
 * Runs a task again under its id: same command, directory and environment; its output goes on in the same log.
 * One that still runs is ended first.
 * @throws HoldfastError `task.restartInProgress` when someone else restarts it now, and what starting and killing throw.
 */
export async function restartTask(host: TaskHost, task: TaskSnapshot): Promise<RestartResult> {
  const files = taskDirectoryAt(task.directory);
  const record = readRecord(files);
  requireDirectory(record.cwd);
  const stored = readJsonSync(files.environment, environmentRecordSchema);
  if (stored.kind !== 'ok') {
    throw new HoldfastError('file.unreadable', `${files.environment} cannot be read`, {
      data: { path: files.environment },
    });
  }
  const archive = claimAttempt(files, task.attempt);
  try {
    if (task.status === 'running') await killTask(host, task, { reason: 'restart' });
  } catch (error) {
    rmSync(archive, { recursive: true, force: true });
    throw error;
  }
  archiveAttempt(files, task.attempt, archive);
  if (!existsSync(files.output)) recreateLog(files);
  const { environment, missing } = restoreEnvironment(stored.value, host.environment);
  await startKeeper(host, files, record, environmentOf(record, environment));
  host.log.info('task.restarted', { id: task.id, attempt: task.attempt + 1 });
  return { task: requireTask(files, host.clock.now()), missingSecrets: missing };
}

/**
 * Claims the place where the records of the attempt that is over will lie. mkdir(2) lets one of several restarts
 * through, before it ends anything: the others would end what it starts. What a restart that died half-way left at the
 * top goes to the next number.
 */
function claimAttempt(files: TaskDirectory, attempt: number): string {
  const directory = path.join(files.attempts, String(attempt));
  try {
    mkdirSync(files.attempts, { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
    mkdirSync(directory, { mode: PRIVATE_DIRECTORY_MODE });
    return directory;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') {
      throw new HoldfastError(
        'task.restartInProgress',
        `${path.basename(files.path)} is being restarted already`,
        { cause: error },
      );
    }
    throw storeError(`creating ${directory}`, error);
  }
}

/** Moves the records of the attempt that is over out of the way. */
function archiveAttempt(files: TaskDirectory, attempt: number, directory: string): void {
  const record = {
    v: 1,
    fromOffset: endOfAttempt(files, attempt - 1),
    toOffset: statSync(files.output, { throwIfNoEntry: false })?.size ?? 0,
  };
  createFileSync(path.join(directory, 'attempt.json'), `${JSON.stringify(record)}\n`);
  try {
    for (const file of [files.stop, files.exit, files.keeper]) {
      if (existsSync(file)) renameSync(file, path.join(directory, path.basename(file)));
    }
    // From now on the task counts as starting; ending it may have taken long.
    const now = new Date();
    utimesSync(files.attempts, now, now);
  } catch (error) {
    throw storeError(`archiving ${directory}`, error);
  }
}

function endOfAttempt(files: TaskDirectory, attempt: number): number {
  const file = path.join(files.attempts, String(attempt), 'attempt.json');
  const record = readJsonSync(file, attemptRecordSchema);
  return record.kind === 'ok' ? record.value.toOffset : 0;
}

/**
 * Somebody deleted the log. Offsets must go on all the same, so the new one begins with a hole up to the last known,
 * and a newline in it: what follows is the beginning of a line.
 */
function recreateLog(files: TaskDirectory): void {
  const cursors = existsSync(files.cursors) ? readdirSync(files.cursors) : [];
  const known = [
    readDroppedBytes(files),
    ...cursors.map((reader) => readCursor(files.path, reader)),
    ...readdirSync(files.attempts).map((attempt) => endOfAttempt(files, Number(attempt))),
  ];
  const offset = Math.max(...known);
  const holeBytes = Math.max(0, offset - 1);
  writeFileAtomicSync(files.dropped, `${holeBytes}\n`);
  writeFileSync(files.output, '', { mode: PRIVATE_FILE_MODE });
  truncateSync(files.output, holeBytes);
  if (offset > 0) appendFileSync(files.output, '\n');
}

function readRecord(files: TaskDirectory): TaskRecord {
  const record = readJsonSync(files.task, taskRecordSchema);
  if (record.kind === 'ok') return record.value;
  throw new HoldfastError('file.unreadable', `${files.task} cannot be read`, {
    data: { path: files.task },
  });
}
