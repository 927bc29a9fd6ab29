import { readJsonSync } from '../../common/jsonFile.ts';
import { taskRecordSchema } from '../../tasks/records.ts';
import { taskDirectoryAt } from '../../tasks/taskDirectory.ts';
import type { TaskHost } from '../../tasks/taskHost.ts';
import type { TaskSnapshot } from '../../tasks/types.ts';
import { claudeTasksOf, isAround, readTold, writeTold, type ClaudeTask } from './claudeTasks.ts';
import { cursorsOf } from './cursorsOf.ts';
import type { SessionStart } from './hookInput.ts';
import { endNews, keyOf } from './sessionNews.ts';

/**
 * The end of a task wakes a Claude that is idle: claude-hook.sh asks here which ends to wait for, waits, and asks what to
 * tell. What Claude hears of by itself is left out: commands that the Claude Code which runs now has started.
 */

/**
 * Directories of tasks whose end Claude has to be told of, those that have ended just now included. That they ran is
 * noted as told, so that it shows later which end is news.
 * @throws HoldfastError `home.notWritable`, `disk.full`.
 */
export function tasksToWaitFor(host: TaskHost, event: SessionStart): string[] {
  const { home } = host.workspace;
  const told = readTold(home, event.session_id);
  const tasks = tasksOf(host, event).map(({ task }) => task);
  const running = tasks.filter(({ status }) => status === 'running');
  const isNew = running.some((task) => told.tasks[task.id] !== keyOf(task));
  if (isNew) {
    const noted = Object.fromEntries(running.map((task) => [task.id, keyOf(task)]));
    writeTold(home, event.session_id, { ...told, tasks: { ...told.tasks, ...noted } });
  }
  const ended = tasks.filter((task) => isNewEnd(task, told.tasks[task.id]));
  return [...running, ...ended].map(({ directory }) => directory);
}

/**
 * What to tell Claude of the ends since; undefined when there is nothing, and it is remembered as told.
 * @throws HoldfastError `home.notWritable`, `disk.full`.
 */
export function newsOfEnds(
  host: TaskHost,
  event: SessionStart,
  findSession: () => string | undefined,
): string | undefined {
  const { home } = host.workspace;
  const told = readTold(home, event.session_id);
  const ended = tasksOf(host, event).filter(({ task }) => isNewEnd(task, told.tasks[task.id]));
  if (ended.length === 0) return undefined;
  const noted = Object.fromEntries(ended.map(({ task }) => [task.id, keyOf(task)]));
  writeTold(home, event.session_id, { ...told, tasks: { ...told.tasks, ...noted } });
  const nowMs = host.clock.now();
  return endNews(ended, { nowMs, readUpTo: cursorsOf(host, findSession()) });
}

/** The conversation's commands from before this process, and what it has started by our own tools. */
function tasksOf(host: TaskHost, event: SessionStart): ClaudeTask[] {
  const { home } = host.workspace;
  const { beganMs } = readTold(home, event.session_id);
  return claudeTasksOf(home, event.session_id, host.clock.now()).filter((entry) => {
    const isEarlier = beganMs !== undefined && entry.task.createdAtMs < beganMs;
    return (isEarlier || isOfOurTools(entry)) && !isAround(host, entry.task);
  });
}

/** Of those Claude Code itself hears nothing. A command of its own may lack the name that it has there, too. */
function isOfOurTools({ task, claudeTask }: ClaudeTask): boolean {
  if (claudeTask !== undefined) return false;
  const record = readJsonSync(taskDirectoryAt(task.directory).task, taskRecordSchema);
  return record.kind === 'ok' && record.value.starter.face === 'mcp';
}

/** Claude was told that it runs. An end that an agent has asked for is no news to it. */
function isNewEnd(task: TaskSnapshot, known: string | undefined): boolean {
  if (task.status === 'running' || task.stop?.reason === 'agent') return false;
  return known === keyOf({ ...task, status: 'running' });
}
