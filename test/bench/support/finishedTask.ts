import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Workspace } from '../../../src/core/store/workspace.ts';
import { tasksDirectory } from '../../../src/core/tasks/taskDirectory.ts';
import { defaultPolicy } from '../../../src/core/tasks/types.ts';

/** Writes what a task that is over leaves on disk. */
export function writeFinishedTask(workspace: Workspace, number: number): void {
  const directory = path.join(tasksDirectory(workspace), `bash_${number}`);
  const identity = { pid: 999_999, startTime: '1', bootId: 'another' };
  const write = (name: string, record: unknown): void => {
    writeFileSync(path.join(directory, name), `${JSON.stringify(record)}\n`);
  };
  mkdirSync(directory);
  write('task.json', {
    v: 1,
    id: `bash_${number}`,
    uuid: randomUUID(),
    session: null,
    command: `npm run build -- --filter package-${number}`,
    argv: ['/bin/sh', '-c', `npm run build -- --filter package-${number}`],
    cwd: workspace.folder,
    keeper: 'sh',
    policy: defaultPolicy,
    createdAt: new Date().toISOString(),
    starter: { pid: 1, face: 'bench' },
  });
  write('env.json', { v: 1, set: process.env, secretNames: [] });
  write('keeper.json', { v: 1, keeper: identity, runner: identity, command: identity });
  write('exit.json', { v: 1, code: number % 3 });
  writeFileSync(path.join(directory, 'output.log'), `line of ${number}\n`);
}
