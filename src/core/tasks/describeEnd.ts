import { taskStatusText } from './describeTask.ts';
import type { TaskSnapshot } from './types.ts';

/** How a task ended, as the rest of a sentence that begins with its id: `finished (exit 0)`, `failed (exit 1)`. */
export function describeEnd(task: TaskSnapshot): string {
  switch (task.status) {
    case 'running':
      return 'is running';
    case 'completed':
      return `${task.exitCode === 0 ? 'finished' : 'failed'} (exit ${task.exitCode ?? '?'})`;
    case 'killed':
      return `was ${taskStatusText(task)}`;
    case 'timed out':
      return taskStatusText(task);
    case 'lost':
      return describeLoss(task);
  }
}

function describeLoss(task: TaskSnapshot): string {
  switch (task.lossReason) {
    case 'reboot':
      return 'was lost when the machine was restarted';
    case 'exit code unknown':
      return 'ended (exit code unknown)';
    case 'never started':
      return 'was never started';
    case 'vanished':
    case undefined:
      return task.terminal === undefined
        ? 'was lost'
        : 'was lost with its terminal, whose process was killed';
  }
}

/** Whether it ended otherwise than it should have: not by exit code 0, nor because somebody wanted it to end. */
export function hasFailed(task: TaskSnapshot): boolean {
  switch (task.status) {
    case 'running':
      return false;
    case 'completed':
      return task.exitCode !== 0;
    case 'killed':
      return task.stop === undefined;
    case 'timed out':
    case 'lost':
      return true;
  }
}
