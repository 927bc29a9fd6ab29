import type { Command } from 'commander';
import { HoldfastError } from '../../core/common/errors.ts';
import { taskStatusText } from '../../core/tasks/describeTask.ts';
import { killTask, processesOf } from '../../core/tasks/killTask.ts';
import { listTasks } from '../../core/tasks/listTasks.ts';
import type { TaskHost } from '../../core/tasks/taskHost.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import { openHost, reviveWatcher, type CommonOptions } from '../context.ts';
import { eachTask, failuresJson, isOwnTask, reportFailures } from '../eachTask.ts';
import { parseSeconds } from '../optionValues.ts';
import { addCommand } from '../program.ts';
import { tell, writeJson, writeLine } from '../stdio.ts';

interface KillOptions extends CommonOptions {
  readonly all?: boolean;
  readonly except?: string[];
  readonly grace?: number;
}

export function define(program: Command): void {
  addCommand(program, 'kill', {
    summary: 'end tasks with everything they have started',
    details:
      'SIGTERM first, SIGKILL after the grace period. A task that does not run any more is a failure when it is named, unless it has left processes behind: these are ended.',
    example: 'holdfast kill bash_1 bash_2\nholdfast kill --all --except bash_3 --grace 10',
  })
    .argument('[id...]', 'the tasks: bash_3, or 3')
    .option('--all', 'all that run')
    .option('--except <id...>', 'with --all: but not these')
    .option('--grace <sec>', "time to end by themselves (default: each task's own)", parseSeconds)
    .action(kill);
}

async function kill(given: string[], options: KillOptions): Promise<void> {
  requireOneChoice(given, options);
  const host = openHost(options);
  const ids = options.all ? runningIds(host, options.except ?? []) : given;
  const graceMs = options.grace === undefined ? undefined : options.grace * 1000;
  const outcomes = await eachTask(host, ids, (task) => {
    requireKillable(task);
    return killTask(host, task, graceMs === undefined ? {} : { graceMs });
  });
  const killed = outcomes.flatMap(({ value }) => value ?? []);
  if (options.json) {
    const results = killed.map(({ id, status, exitCode, signal }) => ({
      id,
      status,
      exitCode: exitCode ?? null,
      signal: signal ?? null,
    }));
    await writeJson({ killed: results, failed: failuresJson(outcomes) });
  } else {
    for (const task of killed) await writeLine(describe(task));
    if (outcomes.length === 0) await writeLine('No task runs.');
  }
  reportFailures(outcomes, options.json === true);
  await reviveWatcher(host);
}

function requireOneChoice(given: readonly string[], options: KillOptions): void {
  const isAll = options.all === true;
  if (isAll && given.length > 0) {
    throw new HoldfastError('input.invalid', 'name tasks or say --all, not both');
  }
  if (!isAll && given.length === 0) {
    throw new HoldfastError('input.invalid', 'name the tasks to end, or say --all');
  }
  if (!isAll && options.except !== undefined) {
    throw new HoldfastError('input.invalid', '--except belongs to --all');
  }
}

function runningIds(host: TaskHost, except: readonly string[]): string[] {
  const spared = new Set(except.map((id) => id.replace(/^#?(?=\d+$)/, 'bash_')));
  const { tasks } = listTasks(host.workspace, host.clock.now());
  const unknown = [...spared].filter((id) => tasks.every((task) => task.id !== id));
  // A slip of the pen here would end what was meant to live.
  if (unknown.length > 0) {
    throw new HoldfastError('task.notFound', `there is no task ${unknown.join(', ')} to spare`, {
      data: { id: unknown[0], known: tasks.map(({ id }) => id) },
    });
  }
  const running = tasks.filter(({ status, id }) => status === 'running' && !spared.has(id));
  for (const task of running.filter(isOwnTask)) tell(`${task.id} is spared: we run inside it`);
  return running.filter((task) => !isOwnTask(task)).map(({ id }) => id);
}

function requireKillable(task: TaskSnapshot): void {
  if (isOwnTask(task)) {
    throw new HoldfastError('input.invalid', `${task.id} cannot end itself from inside`);
  }
  if (task.status === 'running' || processesOf(task).length > 0) return;
  throw new HoldfastError('task.notRunning', `${task.id} does not run`, { data: { id: task.id } });
}

/** The signal tells whether it went by itself or had to be forced. */
function describe(task: TaskSnapshot): string {
  const signal = task.signal === undefined ? '' : ` (${task.signal})`;
  return `${task.id}  ${taskStatusText(task)}${signal}`;
}
