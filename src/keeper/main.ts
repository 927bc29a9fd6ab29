import { silentLog } from '../core/common/log.ts';
import { readTaskRecord } from '../core/tasks/keepers/keeperRecords.ts';
import { taskDirectoryAt } from '../core/tasks/taskDirectory.ts';

// The Node keeper of one task: node keeper.cjs TASK_DIRECTORY
// It has no terminal and no parent that listens; signals meant for the command's group must not end it before it has
// recorded how the command ended.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => undefined);
}

/** Each way of keeping loads only what it needs: a keeper lives as long as its task, and memory is what it costs. */
async function keep(directory: string): Promise<void> {
  const files = taskDirectoryAt(directory);
  const task = readTaskRecord(files);
  if (task.terminal === undefined) {
    const { keepTask } = await import('../core/tasks/keepers/nodeKeeper.ts');
    await keepTask(files, task, silentLog);
  } else {
    const { keepTerminalTask } = await import('../core/tasks/keepers/terminalKeeper.ts');
    await keepTerminalTask(files, task, silentLog);
  }
}

const [, , directory] = process.argv;
if (directory === undefined) process.exitCode = 2;
else void keep(directory);
