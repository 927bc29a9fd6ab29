import { mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../src/core/common/clock.ts';
import { silentLog } from '../../src/core/common/log.ts';
import { workspaceOf } from '../../src/core/store/workspace.ts';
import { defaultShell } from '../../src/core/tasks/commandLine.ts';
import { defaultRetention } from '../../src/core/tasks/pruneTasks.ts';
import { readTask } from '../../src/core/tasks/readTask.ts';
import { startTask, type StartTaskRequest } from '../../src/core/tasks/startTask.ts';
import { taskDirectoryAt, type TaskDirectory } from '../../src/core/tasks/taskDirectory.ts';
import type { TaskHost } from '../../src/core/tasks/taskHost.ts';
import { defaultPolicy, type TaskPolicy, type TaskSnapshot } from '../../src/core/tasks/types.ts';
import { endHomeProcesses, HOME_MARK } from './homeProcesses.ts';
import { tempDir, type Cleanup } from './tempDir.ts';
import { waitFor } from './waitFor.ts';

export const keeperSources = path.join(import.meta.dirname, '../../src/keeper');

export type TaskHostOptions = Partial<
  Pick<TaskHost, 'scriptsDirectory' | 'keeperShell' | 'clock' | 'environment' | 'log'>
> & {
  /** Where the home is made; a directory of the test's own unless given. */
  readonly home?: string;
};

/**
 * A host with a home and a workspace folder of its own, whose keeper is the shell script as it lies in the sources.
 * After the test everything that was started in the home is ended, and proven to be.
 */
export async function createTaskHost(
  test: Cleanup,
  options: TaskHostOptions = {},
): Promise<TaskHost> {
  // Hooks run in the order in which they were added: this one must come before the directory goes.
  const made: { home?: string } = {};
  test.after(async () => {
    if (made.home !== undefined) await endHomeProcesses(made.home);
  });
  const root = await tempDir(test);
  const folder = path.join(root, 'project');
  const { home = path.join(root, 'home'), environment = process.env, ...rest } = options;
  mkdirSync(folder);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  made.home = realpathSync(home);
  return {
    workspace: workspaceOf(made.home, folder),
    scriptsDirectory: keeperSources,
    nodeExecutable: process.execPath,
    face: 'test',
    clock: systemClock,
    log: silentLog,
    ...rest,
    environment: { ...environment, [HOME_MARK]: made.home },
  };
}

export type RequestOptions = Partial<Omit<StartTaskRequest, 'command' | 'policy'>> & {
  readonly policy?: Partial<TaskPolicy>;
};

/** Starts a shell line, or the words of an argv, with the defaults of every face. */
export function start(
  host: TaskHost,
  command: string | readonly string[],
  { policy, ...options }: RequestOptions = {},
): Promise<TaskSnapshot> {
  return startTask(host, {
    command:
      typeof command === 'string'
        ? { kind: 'line', line: command }
        : { kind: 'argv', argv: command },
    shell: defaultShell({}),
    cwd: host.workspace.folder,
    retention: defaultRetention,
    policy: { ...defaultPolicy, ...policy },
    ...options,
  });
}

export function filesOf(task: TaskSnapshot): TaskDirectory {
  return taskDirectoryAt(task.directory);
}

/** The task as it stands now. */
export function look(host: TaskHost, task: TaskSnapshot): TaskSnapshot {
  const now = readTask(task.directory, host.clock.now());
  if (now === undefined) throw new Error(`there is no ${task.id} any more`);
  return now;
}

/** Waits until a task is over. */
export async function untilOver(
  host: TaskHost,
  task: TaskSnapshot,
  deadlineMs = 20_000,
): Promise<TaskSnapshot> {
  return waitFor(
    () => {
      const now = look(host, task);
      return now.status !== 'running' && now;
    },
    { deadlineMs, intervalMs: 10, describe: `the end of ${task.id}: ${task.command}` },
  );
}
