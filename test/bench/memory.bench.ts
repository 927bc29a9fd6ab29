// What keeping costs for each idle task: all processes but the command itself, shared pages split among them (PSS).
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readProcessTable } from '../../src/core/processes/processTable.ts';
import { openBenchHost, readPssBytes } from './support/benchHost.ts';
import { pm2, tmux, type Peer } from './support/peers.ts';
import { heading, row, skipped, target } from './support/report.ts';

const LINE = 'exec sleep 1000';
const COUNTS = [1, 10, 50];

function pssOf(pids: Iterable<number>): number {
  return [...pids].reduce((sum, pid) => sum + readPssBytes(pid), 0);
}

/** Processes that were not there before, and are not the commands themselves. */
function newPids(before: ReadonlySet<number>): number[] {
  return [...readProcessTable().rows.values()]
    .filter(({ pid, name }) => !before.has(pid) && pid !== process.pid && name !== 'sleep')
    .map(({ pid }) => pid);
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1500));
}

async function measureOurs(count: number): Promise<number> {
  const bench = openBenchHost();
  try {
    const pids = new Set<number>();
    for (let index = 0; index < count; index += 1) {
      const { processes } = await bench.start(LINE);
      if (processes?.runner === undefined) throw new Error('not the shell keeper');
      pids.add(processes.keeper.pid).add(processes.runner.pid);
    }
    await settle();
    const watcher = readFileSync(path.join(bench.host.workspace.directory, 'watcher'), 'utf8');
    const watcherBytes = readPssBytes(Number(watcher.split(' ')[0]));
    const bytes = pssOf(pids);
    row(`holdfast, ${count} tasks`, {
      'kB a task': bytes / count / 1024,
      'watcher of all, kB': watcherBytes / 1024,
    });
    return (bytes + watcherBytes) / count;
  } finally {
    await bench.close();
  }
}

async function measurePeer(create: (directory: string) => Peer, count: number): Promise<void> {
  const bench = openBenchHost();
  const peer = create(bench.directory);
  try {
    if (peer.missing !== undefined) {
      skipped(peer.name, peer.missing);
      return;
    }
    const before = new Set(readProcessTable().rows.keys());
    for (let index = 0; index < count; index += 1) {
      peer.start(LINE, path.join(bench.directory, `${index}.log`));
    }
    await settle();
    row(`${peer.name}, ${count} tasks`, { 'kB a task': pssOf(newPids(before)) / count / 1024 });
  } finally {
    peer.stopAll();
    await bench.close();
  }
}

heading('Memory of keeping idle tasks, PSS');
for (const count of COUNTS) {
  const bytes = await measureOurs(count);
  if (count === 50) target('at most 200 kB a task, the watcher included', bytes <= 200 * 1024);
}
for (const count of [1, 50]) await measurePeer(tmux, count);
await measurePeer(pm2, 10);
