import { existsSync } from 'node:fs';
import { readJsonSync } from '../common/jsonFile.ts';
import { isSameProcess, type ProcessIdentity } from '../processes/identity.ts';
import { keeperRecordSchema } from './records.ts';
import type { TaskDirectory } from './taskDirectory.ts';

/**
 * Whether a command is that of its task's current run. A later run carries the same cookie, but whoever ends this one
 * does not mean that one, and its end is not ours to record. A restart moves the keeper's record away before anything
 * new runs: processes that were found before this look at it are not of a later run.
 */
export function isCurrentRun(files: TaskDirectory, command: ProcessIdentity): boolean {
  const record = readJsonSync(files.keeper, keeperRecordSchema);
  if (record.kind === 'ok') return isSameProcess(record.value.command, command);
  // Without its directory a task cannot be restarted.
  return !existsSync(files.task);
}
