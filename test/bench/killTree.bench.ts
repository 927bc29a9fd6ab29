// Ending a task of 100 processes, until all are gone and the end is on record.
import { killTask, processesOf } from '../../src/core/tasks/killTask.ts';
import { openBenchHost } from './support/benchHost.ts';
import { heading, median, row } from './support/report.ts';

const SIZE = 100;
const trees = {
  obedient: `i=0; while [ $i -lt ${SIZE} ]; do sleep 1000 & i=$((i+1)); done; wait`,
  'each in its own session': `i=0; while [ $i -lt ${SIZE} ]; do setsid sleep 1000 & i=$((i+1)); done; wait`,
};

heading(`Killing a tree of ${SIZE}, ms`);
const bench = openBenchHost();
try {
  for (const [name, line] of Object.entries(trees)) {
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const task = await bench.start(line);
      while (processesOf(task).length <= SIZE)
        await new Promise((resolve) => setTimeout(resolve, 20));
      const startMs = performance.now();
      await killTask(bench.host, task);
      times.push(performance.now() - startMs);
    }
    row(name, { ms: median(times) });
  }
} finally {
  await bench.close();
}
