import * as vscode from 'vscode';
import {
  formatDuration,
  formatSize,
  oneLine,
  taskDurationMs,
  taskLabel,
  taskStatusText,
} from '../../core/tasks/describeTask.ts';
import type { Usage } from '../../core/processes/usage.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import { escapeMarkdown } from './escapeMarkdown.ts';

const MAX_COMMAND_CHARS = 1000;

/** Everything about a task, in a table. What the task and its user wrote is shown as it is, never interpreted. */
export function createTaskTooltip(
  task: TaskSnapshot,
  usage: Usage | undefined,
  nowMs: number,
): vscode.MarkdownString {
  const rows = taskFacts(task, usage, nowMs).map(
    ([name, value]) => `| ${name} | ${escapeMarkdown(value)} |`,
  );
  const tooltip = new vscode.MarkdownString();
  tooltip.isTrusted = false;
  tooltip.supportHtml = false;
  tooltip.supportThemeIcons = false;
  tooltip.appendMarkdown(`**${escapeMarkdown(taskLabel(task))}**\n\n`);
  tooltip.appendMarkdown(['| | |', '|:--|:--|', ...rows].join('\n'));
  return tooltip;
}

/** The rows of the table: name and value; what is not known is left out. */
function taskFacts(
  task: TaskSnapshot,
  usage: Usage | undefined,
  nowMs: number,
): (readonly [name: string, value: string])[] {
  const durationMs = taskDurationMs(task, nowMs);
  const facts: (readonly [string, string | undefined])[] = [
    ['Status', describeStatus(task)],
    ['Command', oneLine(task.command, MAX_COMMAND_CHARS)],
    ['Directory', oneLine(task.cwd, MAX_COMMAND_CHARS)],
    ['Process', task.pid === undefined ? undefined : describeProcess(task, usage)],
    ['Terminal', task.terminal && 'kept by its own process; it ends only if that is killed'],
    ['CPU', describeCpu(usage)],
    ['Memory', usage === undefined ? undefined : formatSize(usage.rssBytes)],
    ['Output', describeOutput(task)],
    ['Started', task.startedAtMs === undefined ? undefined : formatTime(task.startedAtMs, nowMs)],
    ['Ended', task.endedAtMs === undefined ? undefined : formatTime(task.endedAtMs, nowMs)],
    ['Duration', durationMs === undefined ? undefined : formatDuration(durationMs)],
    ['Attempt', task.attempt === 1 ? undefined : String(task.attempt)],
    ['Session', task.session === undefined ? undefined : oneLine(task.session)],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

function describeStatus(task: TaskSnapshot): string {
  const text = taskStatusText(task);
  const details = [
    task.exitCode === undefined || text.startsWith('exit') ? '' : `exit ${task.exitCode}`,
    task.signal === undefined || text.includes(task.signal) ? '' : task.signal,
  ].filter((detail) => detail !== '');
  return details.length === 0 ? text : `${text} (${details.join(', ')})`;
}

function describeProcess(task: TaskSnapshot, usage: Usage | undefined): string {
  const others = (usage?.processCount ?? 1) - 1;
  const more = others > 0 ? ` and ${others} more` : '';
  return `${task.pid ?? ''}${more}`;
}

function describeCpu(usage: Usage | undefined): string | undefined {
  return usage?.cpuPercent === undefined ? undefined : `${Math.round(usage.cpuPercent)} %`;
}

function describeOutput(task: TaskSnapshot): string {
  if (task.isLogMissing) return 'its log was deleted; restart it for a new one';
  const dropped =
    task.droppedBytes > 0
      ? `, of which the first ${formatSize(task.droppedBytes)} are dropped`
      : '';
  return `${formatSize(task.outputBytes)}${dropped}`;
}

function formatTime(timeMs: number, nowMs: number): string {
  const time = new Date(timeMs);
  const isToday = time.toDateString() === new Date(nowMs).toDateString();
  return isToday ? time.toLocaleTimeString() : time.toLocaleString();
}
