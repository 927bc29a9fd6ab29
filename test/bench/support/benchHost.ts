import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../../src/core/common/clock.ts';
import { silentLog } from '../../../src/core/common/log.ts';
import { workspaceOf } from '../../../src/core/store/workspace.ts';
import { killTask } from '../../../src/core/tasks/killTask.ts';
import { listTasks } from '../../../src/core/tasks/listTasks.ts';
import { defaultRetention } from '../../../src/core/tasks/pruneTasks.ts';
import { startTask } from '../../../src/core/tasks/startTask.ts';
import type { TaskHost } from '../../../src/core/tasks/taskHost.ts';
import {
  defaultPolicy,
  type TaskPolicy,
  type TaskSnapshot,
} from '../../../src/core/tasks/types.ts';

/** A store in a temporary directory, the way a window or the command line uses it. */
export interface BenchHost {
  readonly host: TaskHost;
  readonly directory: string;
  start(line: string, policy?: Partial<TaskPolicy>): Promise<TaskSnapshot>;
  /** Ends everything and deletes the directory. */
  close(): Promise<void>;
}

export function openBenchHost(): BenchHost {
  const directory = mkdtempSync(path.join(tmpdir(), 'holdfast-bench-'));
  const folder = path.join(directory, 'project');
  const home = path.join(directory, 'home');
  mkdirSync(folder);
  mkdirSync(home, { mode: 0o700 });
  const host: TaskHost = {
    workspace: workspaceOf(home, folder),
    scriptsDirectory: path.join(import.meta.dirname, '../../../src/keeper'),
    nodeExecutable: process.execPath,
    face: 'bench',
    environment: process.env,
    clock: systemClock,
    log: silentLog,
  };
  return {
    host,
    directory,
    start: (line, policy = {}) =>
      startTask(host, {
        command: { kind: 'line', line },
        shell: '/bin/sh',
        cwd: folder,
        policy: { ...defaultPolicy, ...policy },
        retention: defaultRetention,
      }),
    close: async () => {
      const { tasks } = listTasks(host.workspace, Date.now());
      const running = tasks.filter((task) => task.status === 'running');
      await Promise.all(running.map((task) => killTask(host, task, { graceMs: 100 })));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Proportional set size: memory that processes share is split among them; proc(5), smaps_rollup. */
export function readPssBytes(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024;
}
