import * as vscode from 'vscode';
import type { TaskSnapshot } from '../../core/tasks/types.ts';

/** The icon of a task's status. Shapes differ, too: colours alone tell some people nothing. */
export function taskIcon(task: TaskSnapshot): vscode.ThemeIcon {
  const [icon, color] = iconAndColor(task);
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
}

/** Of an agent that goes on when somebody has answered it. */
export function waitingIcon(): vscode.ThemeIcon {
  return new vscode.ThemeIcon('bell-dot', new vscode.ThemeColor('charts.yellow'));
}

function iconAndColor(task: TaskSnapshot): readonly [icon: string, color: string] {
  switch (task.status) {
    case 'running':
      return ['play-circle', 'charts.blue'];
    case 'completed':
      return task.exitCode === 0 ? ['pass', 'testing.iconPassed'] : ['error', 'testing.iconFailed'];
    case 'killed':
      // Ended on request is no failure; ended by a signal from elsewhere is one.
      return [
        'circle-slash',
        task.stop === undefined ? 'testing.iconFailed' : 'disabledForeground',
      ];
    case 'timed out':
      return ['watch', 'list.warningForeground'];
    case 'lost':
      return ['question', 'list.warningForeground'];
  }
}
