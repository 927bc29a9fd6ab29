import { taskStatusText } from '../core/tasks/describeTask.ts';
import type { TaskSnapshot } from '../core/tasks/types.ts';

/** Where a task stands, with what POSIX (2.8.2) has an exit code of a shell mean. */
export function statusWords(task: TaskSnapshot): string {
  const words = taskStatusText(task);
  if (task.status !== 'completed') return words;
  if (task.exitCode === 127) return `${words} (command not found)`;
  return task.exitCode === 126 ? `${words} (not executable)` : words;
}
