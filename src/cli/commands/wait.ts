import type { Command } from 'commander';
import { findTask } from '../../core/tasks/listTasks.ts';
import { openHost, reviveWatcher, type CommonOptions } from '../context.ts';
import { exitWithTask } from '../exitWithTask.ts';
import { parseWholeSeconds } from '../optionValues.ts';
import { addCommand } from '../program.ts';
import { statusWords } from '../statusWords.ts';
import { tell, writeJson } from '../stdio.ts';
import { taskJson } from '../taskJson.ts';
import { detachOnInterrupt } from '../waitForTask.ts';

interface WaitOptions extends CommonOptions {
  readonly timeout?: number;
}

export function define(program: Command): void {
  addCommand(program, 'wait', {
    summary: 'wait for the end of a task, and exit with its exit code',
    details:
      'At once when the task is over already. Ctrl+C, or the timeout, ends the waiting and not the task; the exit code is 130 or 124 then. Of a task that was lost nobody knows the code: it is 1 for those.',
    example: `holdfast wait bash_1 && ./deploy.sh
holdfast wait bash_1 --timeout 60`,
  })
    .argument('<id>', 'the task: bash_3, or 3')
    .option('--timeout <sec>', 'wait no longer than that', parseWholeSeconds)
    .action(wait);
}

async function wait(id: string, options: WaitOptions): Promise<void> {
  const host = openHost(options);
  const task = findTask(host.workspace, id, host.clock.now());
  const detachment = detachOnInterrupt(options.timeout);
  await reviveWatcher(host);
  const ended = await exitWithTask(host, task, { detachment, isSilent: true });
  if (ended === undefined) return;
  if (options.json) await writeJson(taskJson(ended));
  else tell(`${ended.id}: ${statusWords(ended)}`);
}
