import type { Command } from 'commander';
import { listWorkspaces } from '../../core/store/workspace.ts';
import { listTasks } from '../../core/tasks/listTasks.ts';
import type { TaskHost } from '../../core/tasks/taskHost.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import { hostFor, openHost, reviveWatcher, type CommonOptions } from '../context.ts';
import { addCommand } from '../program.ts';
import { tell, writeJson, writeLine } from '../stdio.ts';
import { taskJson } from '../taskJson.ts';
import { taskTable, type TableOptions } from '../taskTable.ts';

interface TasksOptions extends CommonOptions {
  readonly allWorkspaces?: boolean;
}

export function define(program: Command): void {
  addCommand(program, 'tasks', {
    summary: 'list the background tasks: running ones first, then the latest that ended',
    example: 'holdfast tasks\nholdfast tasks --all-workspaces --json',
  })
    .option('--all-workspaces', 'those of every folder')
    .action(showTasks);
}

async function showTasks(options: TasksOptions): Promise<void> {
  const own = openHost(options);
  const hosts = options.allWorkspaces
    ? listWorkspaces(own.workspace.home).map((workspace) => hostFor(workspace))
    : [own];
  const groups = hosts.map((host) => ({ host, tasks: readTasks(host) }));
  if (options.json) {
    await writeJson(
      groups.flatMap(({ host, tasks }) =>
        tasks.map((task) => ({ ...taskJson(task), workspace: host.workspace.folder })),
      ),
    );
  } else {
    await printTables(groups, options);
  }
  for (const { host } of groups) await reviveWatcher(host);
}

interface Group {
  readonly host: TaskHost;
  readonly tasks: readonly TaskSnapshot[];
}

function readTasks(host: TaskHost): TaskSnapshot[] {
  const { tasks, unreadable } = listTasks(host.workspace, host.clock.now());
  for (const directory of unreadable) tell(`cannot read the task in ${directory}`);
  return tasks;
}

async function printTables(groups: readonly Group[], options: TasksOptions): Promise<void> {
  const shown = groups.filter(({ tasks }) => tasks.length > 0);
  if (shown.length === 0) {
    const where = options.allWorkspaces ? 'any folder' : (groups[0]?.host.workspace.folder ?? '');
    await writeLine(`No background tasks in ${where}.`);
    return;
  }
  for (const [index, { host, tasks }] of shown.entries()) {
    if (options.allWorkspaces) {
      await writeLine(`${index === 0 ? '' : '\n'}${host.workspace.folder}`);
    }
    await writeLine(taskTable(tasks, tableOptions(host.clock.now())).join('\n'));
  }
}

/** https://no-color.org: any value but the empty one turns colours off. */
function tableOptions(nowMs: number): TableOptions {
  const isTerminal = process.stdout.isTTY;
  return {
    nowMs,
    width: isTerminal ? process.stdout.columns : undefined,
    hasColours: isTerminal && !process.env['NO_COLOR'],
  };
}
