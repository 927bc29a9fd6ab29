import type { Command } from 'commander';
import { HoldfastError } from '../../core/common/errors.ts';
import { findTask } from '../../core/tasks/listTasks.ts';
import { restartTask } from '../../core/tasks/restartTask.ts';
import { openHost, type CommonOptions } from '../context.ts';
import { isOwnTask } from '../eachTask.ts';
import { addCommand } from '../program.ts';
import { tell, writeJson, writeLine } from '../stdio.ts';
import { startedJson, startedLine } from '../taskJson.ts';

export function define(program: Command): void {
  addCommand(program, 'restart', {
    summary: 'run a task again under its id',
    details:
      'Same command, directory and environment; a task that still runs is ended first. Its output goes on in the same log. Values of secrets are never stored: they are taken from the environment of this command.',
    example: 'holdfast restart bash_1',
  })
    .argument('<id>', 'the task: bash_3, or 3')
    .action(restart);
}

async function restart(id: string, options: CommonOptions): Promise<void> {
  const host = openHost(options);
  const before = findTask(host.workspace, id, host.clock.now());
  if (isOwnTask(before)) {
    throw new HoldfastError('input.invalid', `${before.id} cannot restart itself from inside`);
  }
  const { task, missingSecrets } = await restartTask(host, before);
  if (missingSecrets.length > 0) {
    tell(`${task.id} runs without ${missingSecrets.join(', ')}: set here, then restart it again`);
  }
  if (options.json) {
    await writeJson({ ...startedJson(task), attempt: task.attempt, missingSecrets });
  } else {
    await writeLine(startedLine(task));
  }
}
