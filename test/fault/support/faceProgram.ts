// A face of Holdfast that ends itself with SIGKILL at its n-th call of the operating system.
//   node faceProgram.cjs MODE N '{"home","folder","scriptsDirectory"}'
// Exits with 0 when it has done its work without reaching that call.
import { silentLog } from '../../../src/core/common/log.ts';
import { workspaceOf } from '../../../src/core/store/workspace.ts';
import { readCursor, writeCursor } from '../../../src/core/tasks/cursors.ts';
import { killTask } from '../../../src/core/tasks/killTask.ts';
import { findTask } from '../../../src/core/tasks/listTasks.ts';
import { readOutput } from '../../../src/core/tasks/output.ts';
import { defaultRetention } from '../../../src/core/tasks/pruneTasks.ts';
import { restartTask } from '../../../src/core/tasks/restartTask.ts';
import { startTask } from '../../../src/core/tasks/startTask.ts';
import type { TaskHost } from '../../../src/core/tasks/taskHost.ts';
import { defaultPolicy } from '../../../src/core/tasks/types.ts';
import { dieAtCall } from './dieAtCall.ts';

interface Arguments {
  readonly home: string;
  readonly folder: string;
  readonly scriptsDirectory: string;
}

function startOne(host: TaskHost): Promise<unknown> {
  return startTask(host, {
    command: { kind: 'line', line: 'echo ran >>"$PWD/$HOLDFAST_TASK_ID.ran"; echo out' },
    shell: '/bin/sh',
    cwd: host.workspace.folder,
    policy: defaultPolicy,
    retention: defaultRetention,
    keeper: 'sh',
  });
}

async function act(mode: string, host: TaskHost): Promise<void> {
  const task = (): ReturnType<typeof findTask> =>
    findTask(host.workspace, 'bash_1', host.clock.now());
  if (mode === 'start') await startOne(host);
  else if (mode === 'start 10') {
    for (let count = 0; count < 10; count += 1) await startOne(host);
  } else if (mode === 'restart') await restartTask(host, task());
  else if (mode === 'kill') await killTask(host, task(), { graceMs: 1000 });
  else {
    const { directory } = task();
    const from = readCursor(directory, 'reader');
    writeCursor(directory, 'reader', readOutput(directory, { from, isOver: false }).to);
  }
}

const [, , mode = '', last = '', json = ''] = process.argv;
const { home, folder, scriptsDirectory } = JSON.parse(json) as Arguments;
const host: TaskHost = {
  workspace: workspaceOf(home, folder),
  scriptsDirectory,
  nodeExecutable: process.execPath,
  face: 'face',
  environment: process.env,
  // A start that another face has not brought to its end is taken for dead at once.
  clock: { now: () => Date.now() + (mode.startsWith('start') ? 0 : 11_000) },
  log: silentLog,
};
dieAtCall(Number(last));
// A CommonJS bundle has no await here.
act(mode, host).catch((error: unknown) => {
  process.stderr.write(String(error));
  process.exitCode = 1;
});
