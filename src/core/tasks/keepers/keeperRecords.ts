import { existsSync } from 'node:fs';
import { writeFileAtomicSync } from '../../common/atomicFile.ts';
import { HoldfastError } from '../../common/errors.ts';
import { readJsonSync } from '../../common/jsonFile.ts';
import {
  currentBootId,
  ownIdentity,
  readIdentity,
  type ProcessIdentity,
} from '../../processes/identity.ts';
import { isCurrentRun } from '../currentRun.ts';
import { taskRecordSchema, type TaskRecord } from '../records.ts';
import type { TaskDirectory } from '../taskDirectory.ts';

const RECORD_RETRY_MS = 1000;

/** What to keep. @throws HoldfastError `file.unreadable`. */
export function readTaskRecord(files: TaskDirectory): TaskRecord {
  const task = readJsonSync(files.task, taskRecordSchema);
  if (task.kind === 'ok') return task.value;
  throw new HoldfastError('file.unreadable', `${files.task} cannot be read`, {
    data: { path: files.task },
  });
}

/** Says who keeps the task and what runs; more fields may follow. @throws HoldfastError `disk.full`, `home.notWritable`. */
export function recordKeeper(
  files: TaskDirectory,
  command: ProcessIdentity,
  more: Readonly<Record<string, unknown>> = {},
): void {
  const record = { v: 1, keeper: ownIdentity(), command, ...more };
  writeFileAtomicSync(files.keeper, `${JSON.stringify(record)}\n`, { isDurable: false });
}

/** One that is over already cannot be told from others any more; nothing may ever match it then. */
export function identityOfCommand(pid: number | undefined): ProcessIdentity {
  const identity = pid === undefined ? undefined : readIdentity(pid);
  return identity ?? { pid: pid ?? 0, startTime: '', bootId: currentBootId() };
}

/** A full disk is waited out; a deleted task directory is not. */
export async function recordExit(
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

export function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
