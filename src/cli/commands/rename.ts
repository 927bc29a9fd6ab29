import type { Command } from 'commander';
import { HoldfastError } from '../../core/common/errors.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';
import { findTask } from '../../core/tasks/listTasks.ts';
import { renameTask } from '../../core/tasks/pruneTasks.ts';
import { openHost, reviveWatcher, type CommonOptions } from '../context.ts';
import { addCommand } from '../program.ts';
import { writeJson, writeLine } from '../stdio.ts';

export function define(program: Command): void {
  addCommand(program, 'rename', {
    summary: 'give a task a title',
    example: 'holdfast rename bash_1 dev server',
  })
    .argument('<id>', 'the task: bash_3, or 3')
    .argument('<title...>', 'its words are joined')
    .action(rename);
}

async function rename(id: string, words: string[], options: CommonOptions): Promise<void> {
  const title = words.join(' ').trim();
  if (title === '') throw new HoldfastError('input.invalid', 'a title needs a letter at least');
  const host = openHost(options);
  const task = findTask(host.workspace, id, host.clock.now());
  renameTask(task, title);
  const renamed = findTask(host.workspace, task.id, host.clock.now());
  if (options.json) await writeJson({ id: renamed.id, title: renamed.title });
  else await writeLine(`${renamed.id}  ${oneLine(renamed.title ?? '')}`);
  await reviveWatcher(host);
}
