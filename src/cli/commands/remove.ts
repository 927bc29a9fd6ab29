import type { Command } from 'commander';
import { SessionStore } from '../../core/sessions/sessionStore.ts';
import { withEndsNoted } from '../../core/sessions/sessionTasks.ts';
import { removeTask } from '../../core/tasks/pruneTasks.ts';
import { openHost, reviveWatcher, type CommonOptions } from '../context.ts';
import { eachTask, failuresJson, reportFailures } from '../eachTask.ts';
import { addCommand } from '../program.ts';
import { writeJson, writeLine } from '../stdio.ts';

export function define(program: Command): void {
  addCommand(program, 'remove', {
    summary: 'delete tasks that are over, with their output',
    example: 'holdfast remove bash_1 bash_2',
  })
    .argument('<id...>', 'the tasks: bash_3, or 3')
    .action(remove);
}

async function remove(ids: string[], options: CommonOptions): Promise<void> {
  const host = openHost(options);
  const outcomes = await eachTask(host, ids, (task) => {
    // Its session still says how it ended when nothing else does any more.
    withEndsNoted(new SessionStore(host), [task], () => {
      removeTask(task);
    });
    return task.id;
  });
  const removed = outcomes.flatMap(({ value }) => value ?? []);
  if (options.json) await writeJson({ removed, failed: failuresJson(outcomes) });
  else for (const id of removed) await writeLine(`${id}  removed`);
  reportFailures(outcomes, options.json === true);
  await reviveWatcher(host);
}
