import { describeEnd } from '../../tasks/describeEnd.ts';
import { formatDuration, oneLine } from '../../tasks/describeTask.ts';
import { countLines } from '../../tasks/output.ts';
import type { TaskSnapshot } from '../../tasks/types.ts';
import type { ClaudeTask, Told } from './claudeTasks.ts';
import type { InterruptedCall } from './interruptedCall.ts';

const MAX_TASKS = 12;
const MAX_COMMAND_CHARS = 120;

export interface NewsSources {
  readonly nowMs: number;
  /** Of this conversation. */
  readonly own: readonly ClaudeTask[];
  /** That run in the workspace, started by others. */
  readonly others: readonly TaskSnapshot[];
  readonly interrupted: readonly InterruptedCall[];
  readonly told: Told;
  /** How far Claude has read a task's output by our tool. */
  readonly readUpTo: (task: TaskSnapshot) => number;
}

/** What Claude should know at the start of a conversation, and what it then has been told; no text: nothing new. */
export function sessionNews(sources: NewsSources): { text: string | undefined; told: Told } {
  const { own, others, interrupted, told } = sources;
  const news = own.filter(({ task }) => isNews(task, told));
  const parts = [
    ...aboutOwn(news, sources),
    ...aboutOthers(others.filter((task) => isNews(task, told))),
    ...aboutInterrupted(interrupted.filter(({ id }) => id !== told.interrupted)),
  ];
  const all = [...own.map(({ task }) => task), ...others];
  return {
    text: parts.length === 0 ? undefined : parts.join('\n'),
    told: {
      v: 1,
      tasks: Object.fromEntries(all.map((task) => [task.id, keyOf(task)])),
      interrupted: interrupted.at(-1)?.id ?? told.interrupted ?? null,
    },
  };
}

/** What an idle Claude is woken with. */
export function endNews(
  ended: readonly ClaudeTask[],
  sources: Pick<NewsSources, 'nowMs' | 'readUpTo'>,
): string {
  return [
    `Holdfast: ${ended.length === 1 ? 'a background task' : 'background tasks'} of this conversation ended.`,
    ...ended.map((entry) => describe(entry, sources)),
    'Read new output with the tool mcp__holdfast__bash_output (bash_id).',
  ].join('\n');
}

/** That a task goes on is news each time: Claude Code itself says at each resume that it was stopped. */
function isNews(task: TaskSnapshot, told: Told): boolean {
  return task.status === 'running' || told.tasks[task.id] !== keyOf(task);
}

export function keyOf(task: TaskSnapshot): string {
  return `${task.attempt} ${task.status}`;
}

function aboutOwn(news: readonly ClaudeTask[], sources: NewsSources): string[] {
  if (news.length === 0) return [];
  const shown = [...news].sort((a, b) => rank(a.task) - rank(b.task)).slice(0, MAX_TASKS);
  const left = news.length - shown.length;
  return [
    'Holdfast keeps the background commands of this conversation as tasks; they outlive Claude Code. Any notice that one of them was stopped or has no completion record is wrong. As of now:',
    ...shown.map((entry) => describe(entry, sources)),
    ...(left === 0 ? [] : [`- and ${left} more (list_bashes lists all)`]),
    'Do not start again what is running. Read new output with the tool mcp__holdfast__bash_output (bash_id), end a task with mcp__holdfast__kill_bash.',
  ];
}

function rank(task: TaskSnapshot): number {
  return task.status === 'running' ? 0 : 1;
}

function describe(
  { task, claudeTask }: ClaudeTask,
  sources: Pick<NewsSources, 'nowMs' | 'readUpTo'>,
): string {
  const name = claudeTask === undefined ? task.id : `${task.id} (your task ${claudeTask})`;
  const command = oneLine(task.command, MAX_COMMAND_CHARS);
  const standing =
    task.status === 'running' ? `is running, pid ${task.pid ?? 'unknown'}` : describeEnd(task);
  const ago =
    task.endedAtMs === undefined
      ? ''
      : `, ${formatDuration(Math.max(0, sources.nowMs - task.endedAtMs))} ago`;
  return `- ${name} ${standing}${ago}; ${newLines(task, sources)}: ${command}`;
}

function newLines(task: TaskSnapshot, { readUpTo }: Pick<NewsSources, 'readUpTo'>): string {
  let count: number;
  try {
    count = countLines(task.directory, readUpTo(task));
  } catch {
    return 'its output is gone';
  }
  return `${count === 0 ? 'no' : count} new ${count === 1 ? 'line' : 'lines'}`;
}

function aboutOthers(others: readonly TaskSnapshot[]): string[] {
  if (others.length === 0) return [];
  const names = others.slice(0, MAX_TASKS).map((task) => {
    return `${task.id} (${oneLine(task.command, MAX_COMMAND_CHARS)})`;
  });
  const left = others.length - names.length;
  return [
    `Also running in this folder, started elsewhere: ${names.join(', ')}${left === 0 ? '' : ` and ${left} more`}. mcp__holdfast__bash_output reads their output.`,
  ];
}

function aboutInterrupted(calls: readonly InterruptedCall[]): string[] {
  if (calls.length === 0) return [];
  const names = calls.map(({ description }) => `\`${description}\``).join(', ');
  return [
    `Claude Code was ended by force while you were in the middle of ${names}. You made ${calls.length === 1 ? 'that call' : 'those calls'} before the cut, the result was lost; check its effects before you repeat it.`,
  ];
}
