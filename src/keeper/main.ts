import { silentLog } from '../core/common/log.ts';
import { keepTask } from '../core/tasks/keepers/nodeKeeper.ts';

// The Node keeper of one task: node keeper.cjs TASK_DIRECTORY
// It has no terminal and no parent that listens; signals meant for the command's group must not end it before it has
// recorded how the command ended.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => undefined);
}

const [, , directory] = process.argv;
if (directory === undefined) process.exitCode = 2;
else void keepTask(directory, silentLog);
