import path from 'node:path';
import type { Workspace } from '../store/workspace.ts';

/** Where everything about one task lies; the contract between keepers and everyone else (docs/data-format.md). */
export interface TaskDirectory {
  readonly path: string;
  readonly task: string;
  readonly environment: string;
  readonly keeper: string;
  readonly exit: string;
  readonly stop: string;
  readonly output: string;
  readonly dropped: string;
  readonly title: string;
  readonly foreground: string;
  /** What an agent was asked to do. */
  readonly prompt: string;
  /** What an agent wants to be allowed, and what was answered: see core/agents/claude-code/background. */
  readonly questions: string;
  readonly removed: string;
  readonly cursors: string;
  readonly attempts: string;
}

export function taskDirectoryAt(directory: string): TaskDirectory {
  // Not path.join: a list of a thousand tasks would spend a tenth of its time there.
  const inside = (name: string): string => `${directory}${path.sep}${name}`;
  return {
    path: directory,
    task: inside('task.json'),
    environment: inside('env.json'),
    keeper: inside('keeper.json'),
    exit: inside('exit.json'),
    stop: inside('stop.json'),
    output: inside('output.log'),
    dropped: inside('dropped'),
    title: inside('title'),
    foreground: inside('foreground'),
    prompt: inside('prompt'),
    questions: inside('questions'),
    removed: inside('removed'),
    cursors: inside('cursors'),
    attempts: inside('attempts'),
  };
}

export function tasksDirectory(workspace: Workspace): string {
  return path.join(workspace.directory, 'tasks');
}

export function taskDirectoryOf(workspace: Workspace, id: string): TaskDirectory {
  return taskDirectoryAt(path.join(tasksDirectory(workspace), id));
}

/** The file that tells the workspace's watcher to look after a running task (see keeper/watch.sh). */
export function runningMarker(workspace: Workspace, id: string): string {
  return path.join(workspace.directory, 'running', id);
}

/** The N of `bash_N`, or undefined for any other name. */
export function taskNumber(name: string): number | undefined {
  const digits = /^bash_([1-9]\d{0,8})$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
