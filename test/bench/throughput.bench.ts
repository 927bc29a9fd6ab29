// 1 GiB of lines of 120 bytes: how long until the log has all of it, and what it costs to bound it meanwhile.
import { statSync } from 'node:fs';
import path from 'node:path';
import { openBenchHost } from './support/benchHost.ts';
import { plainSpawn, pm2, tmux, type Peer } from './support/peers.ts';
import { heading, median, row, skipped, target } from './support/report.ts';

const SIZE_BYTES = 1024 ** 3;
const ROUNDS = 5;
const line = `yes "$(printf %0119d 7)" | head -c ${SIZE_BYTES}`;

async function untilSize(log: string, sizeBytes: number): Promise<void> {
  for (;;) {
    if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) >= sizeBytes) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function rateOf(start: () => unknown, log: () => string, sizeBytes: number): Promise<number> {
  const startMs = performance.now();
  await start();
  await untilSize(log(), sizeBytes);
  return sizeBytes / 1e6 / ((performance.now() - startMs) / 1000);
}

async function plainRate(): Promise<number> {
  const bench = openBenchHost();
  const peer = plainSpawn();
  const log = path.join(bench.directory, 'plain.log');
  try {
    return await rateOf(
      () => {
        peer.start(line, log);
      },
      () => log,
      SIZE_BYTES,
    );
  } finally {
    peer.stopAll();
    await bench.close();
  }
}

async function ourRate(outputLimitBytes: number): Promise<number> {
  const bench = openBenchHost();
  let log = '';
  try {
    const start = async (): Promise<void> => {
      const task = await bench.start(line, { outputLimitBytes });
      log = path.join(task.directory, 'output.log');
    };
    return await rateOf(start, () => log, SIZE_BYTES);
  } finally {
    await bench.close();
  }
}

/** The slow ones get a hundredth of the output; a rate is a rate. */
async function slowPeer(create: (directory: string) => Peer): Promise<void> {
  const bench = openBenchHost();
  const peer = create(bench.directory);
  const log = path.join(bench.directory, 'peer.log');
  const sizeBytes = Math.round(SIZE_BYTES / 100);
  try {
    if (peer.missing !== undefined) skipped(peer.name, peer.missing);
    else {
      const slowLine = `${line.replace(String(SIZE_BYTES), String(sizeBytes))}; sleep 60`;
      const rate = await rateOf(
        () => {
          peer.start(slowLine, log);
        },
        () => log,
        sizeBytes,
      );
      row(peer.name, { 'MB/s': rate });
    }
  } finally {
    peer.stopAll();
    await bench.close();
  }
}

heading('Throughput of 1 GiB of output, MB/s (median of interleaved rounds)');
const plain: number[] = [];
const unbounded: number[] = [];
const bounded: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  plain.push(await plainRate());
  unbounded.push(await ourRate(4 * SIZE_BYTES));
  bounded.push(await ourRate(64 * 1024 * 1024));
}
row('cmd > file', { 'MB/s': median(plain) });
row('holdfast, below the limit', {
  'MB/s': median(unbounded),
  ratio: median(unbounded) / median(plain),
});
row('holdfast, kept to 64 MiB', {
  'MB/s': median(bounded),
  ratio: median(bounded) / median(plain),
});
target('at least 0.95 of cmd > file', median(unbounded) >= 0.95 * median(plain));
await slowPeer(tmux);
await slowPeer(pm2);
