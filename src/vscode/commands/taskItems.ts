import type * as vscode from 'vscode';
import { describeEnd } from '../../core/tasks/describeEnd.ts';
import { formatDuration, oneLine } from '../../core/tasks/describeTask.ts';
import { lastOutputLine } from '../../core/tasks/lastOutputLine.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import type { HoldfastWindow } from '../holdfastWindow.ts';
import { taskIcon } from '../views/taskIcon.ts';

export interface TaskItem extends vscode.QuickPickItem {
  readonly task: TaskSnapshot;
}

/** A task as a row of a quick pick. */
export function taskItem(window: HoldfastWindow, task: TaskSnapshot): TaskItem {
  const { host } = window;
  const isElsewhere = task.cwd !== host.workspace.folder;
  const facts = [
    standing(task, host.clock.now()),
    isElsewhere ? `in ${task.cwd}` : '',
    // A look into each of a thousand logs would be felt.
    task.status === 'running' ? lastOutputLine(task) : '',
  ];
  return {
    label: task.id,
    iconPath: taskIcon(task),
    description: oneLine([task.title, task.command].filter(Boolean).join(': ')),
    detail: facts.filter((fact) => fact !== '').join(' · '),
    task,
  };
}

function standing(task: TaskSnapshot, nowMs: number): string {
  const startedAtMs = task.startedAtMs ?? task.createdAtMs;
  if (task.status === 'running') return `running for ${formatDuration(nowMs - startedAtMs)}`;
  const sinceMs = nowMs - (task.endedAtMs ?? startedAtMs);
  return `${describeEnd(task)} ${formatDuration(sinceMs)} ago`;
}
