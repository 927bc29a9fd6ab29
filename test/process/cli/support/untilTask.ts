import type { TaskJson } from '../../../../src/cli/taskJson.ts';
import { waitFor } from '../../../support/waitFor.ts';
import type { CommandLine } from './commandLine.ts';

export async function listed(cli: CommandLine, ...args: string[]): Promise<TaskJson[]> {
  return (await cli.json(['tasks', ...args])) as TaskJson[];
}

/** Waits until a task is as wanted, by what `holdfast tasks` says about it. */
export function untilTask(
  cli: CommandLine,
  id: string,
  isWanted: (task: TaskJson) => boolean,
): Promise<TaskJson> {
  return waitFor(async () => (await listed(cli)).find((task) => task.id === id && isWanted(task)), {
    describe: `${id} as wanted`,
  });
}
