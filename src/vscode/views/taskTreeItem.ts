import * as vscode from 'vscode';
import { openQuestions } from '../../core/agents/claude-code/background/questions.ts';
import {
  formatDuration,
  oneLine,
  taskDurationMs,
  taskLabel,
  taskName,
  taskStatusText,
} from '../../core/tasks/describeTask.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import { taskIcon, waitingIcon } from './taskIcon.ts';

/** The side bar is narrow, and the last line of output is to be seen in it as well. */
const MAX_NAME_CHARS = 24;

/** One row of the view. Its tooltip is made when the mouse rests on it. */
export function createTaskItem(
  task: TaskSnapshot,
  lastLine: string,
  nowMs: number,
): vscode.TreeItem {
  const label = taskLabel(task, MAX_NAME_CHARS);
  const question = openQuestions(task)[0];
  const description =
    question === undefined
      ? describeRow(task, lastLine, nowMs)
      : `waits for you · ${oneLine(question.about, 80)}`;
  const item = new vscode.TreeItem(label);
  item.id = task.id;
  item.description = description;
  item.iconPath = question === undefined ? taskIcon(task) : waitingIcon();
  item.contextValue = contextOf(task, question !== undefined);
  item.command = {
    command: 'holdfast.tasks.showOutput',
    title: 'Show Output',
    arguments: [task.id],
  };
  item.accessibilityInformation = {
    label: [
      `${task.id} ${taskName(task)}`,
      isExpected(task) ? taskStatusText(task) : '',
      description,
    ]
      .filter((part) => part !== '')
      .join(', '),
  };
  return item;
}

function contextOf({ status, terminal }: TaskSnapshot, isWaiting: boolean): string {
  if (status !== 'running') return 'task.finished';
  if (isWaiting) return 'task.running.waiting';
  return terminal === undefined ? 'task.running' : 'task.running.terminal';
}

/** "12 s · Listening on port 3000", "exit 1 · 12 s · npm ERR! …" */
export function describeRow(task: TaskSnapshot, lastLine: string, nowMs: number): string {
  const durationMs = taskDurationMs(task, nowMs);
  return [
    isExpected(task) ? '' : taskStatusText(task),
    durationMs === undefined || task.status === 'timed out' ? '' : roughDuration(durationMs),
    task.isLogMissing ? 'its log was deleted' : lastLine,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** The icon says it well enough. */
function isExpected(task: TaskSnapshot): boolean {
  return task.status === 'running' || (task.status === 'completed' && task.exitCode === 0);
}

/** Beyond a minute seconds only make the row flicker. */
function roughDuration(durationMs: number): string {
  return formatDuration(durationMs < 60_000 ? durationMs : durationMs - (durationMs % 60_000));
}
