import {
  appendFileSync,
  existsSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { PRIVATE_FILE_MODE, writeFileAtomicSync } from '../common/atomicFile.ts';
import { HoldfastError } from '../common/errors.ts';
import { readJsonSync } from '../common/jsonFile.ts';
import { archiveAttempt, claimAttempt, endOfAttempt, numbersIn } from './attempts.ts';
import { readCursor } from './cursors.ts';
import { restoreEnvironment } from './environment.ts';
import { startKeeper } from './keepers/startKeeper.ts';
import { killTask } from './killTask.ts';
import { readDroppedBytes } from './readTask.ts';
import { environmentRecordSchema, taskRecordSchema, type TaskRecord } from './records.ts';
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
  archiveAttempt(files, archive);
  if (!existsSync(files.output)) recreateLog(files);
  const { environment, missing } = restoreEnvironment(stored.value, host.environment);
  await startKeeper(host, files, record, environmentOf(record, environment));
  host.log.info('task.restarted', { id: task.id, attempt: task.attempt + 1 });
  return { task: requireTask(files, host.clock.now()), missingSecrets: missing };
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
    ...numbersIn(files).map((attempt) => endOfAttempt(files, attempt)),
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
