// Listing 1,000 tasks, and reading what is new at the end of logs of different sizes.
import { appendFileSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { ensureWorkspace } from '../../src/core/store/workspace.ts';
import { listTasks } from '../../src/core/tasks/listTasks.ts';
import { readOutput } from '../../src/core/tasks/output.ts';
import { TaskFeed } from '../../src/core/tasks/taskFeed.ts';
import { tasksDirectory } from '../../src/core/tasks/taskDirectory.ts';
import { openBenchHost } from './support/benchHost.ts';
import { writeFinishedTask } from './support/finishedTask.ts';
import { heading, median, row, target, timeMs } from './support/report.ts';

const TASKS = 1000;
const MIB = 1024 * 1024;

async function medianMs(rounds: number, action: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) times.push(await timeMs(action));
  return median(times);
}

const bench = openBenchHost();
try {
  heading(`Listing ${TASKS} tasks, ms`);
  ensureWorkspace(bench.host.workspace, Date.now());
  for (let number = 1; number <= TASKS; number += 1)
    writeFinishedTask(bench.host.workspace, number);
  const firstMs = await timeMs(() => listTasks(bench.host.workspace, Date.now()));
  const againMs = await medianMs(10, () => listTasks(bench.host.workspace, Date.now()));
  const feed = new TaskFeed(bench.host);
  const feedMs = await medianMs(20, () => {
    feed.refresh();
  });
  await feed.loaded;
  feed.dispose();
  row('first time in a process', { ms: firstMs });
  row('again', { ms: againMs });
  row('a look of the window', { ms: feedMs });
  target('below 50 ms', againMs < 50);

  heading('Reading 10 new lines at the end of a log, ms');
  const task = path.join(tasksDirectory(bench.host.workspace), 'bash_1');
  const log = path.join(task, 'output.log');
  const times: number[] = [];
  for (const sizeMib of [1, 64, 1024]) {
    truncateSync(log, sizeMib * MIB);
    const ms = await medianMs(50, () => {
      appendFileSync(log, 'a new line\n'.repeat(10));
      readOutput(task, { from: sizeMib * MIB, isOver: false });
    });
    times.push(ms);
    row(`${sizeMib} MiB`, { ms });
  }
  const [smallest = 0, , largest = 0] = times;
  target('independent of the size of the log', largest < Math.max(2 * smallest, smallest + 0.2));
} finally {
  await bench.close();
}
