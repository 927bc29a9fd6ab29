import { readJsonSync } from '../common/jsonFile.ts';
import { keeperRecordSchema } from './records.ts';
import { taskDirectoryAt } from './taskDirectory.ts';
import type { TaskSnapshot } from './types.ts';

/**
 * The pid that the command of the current attempt got, also when it is over already: what has just been started is
 * told by its pid, however quick it was. For showing only, since the number may be a stranger's by now.
 */
export function startedPid(task: TaskSnapshot): number | undefined {
  if (task.pid !== undefined) return task.pid;
  const keeper = readJsonSync(taskDirectoryAt(task.directory).keeper, keeperRecordSchema);
  return keeper.kind === 'ok' ? keeper.value.command.pid : undefined;
}
