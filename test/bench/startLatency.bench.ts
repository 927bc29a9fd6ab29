// From the call that starts a command until the first line it prints can be read in its log.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openBenchHost } from './support/benchHost.ts';
import { plainSpawn, pm2, tmux, type Peer } from './support/peers.ts';
import { heading, median, row, skipped, target } from './support/report.ts';

const LINE = 'echo hi; sleep 30';
const ROUNDS = 25;

const bench = openBenchHost();
const peers = [plainSpawn(), tmux(bench.directory), pm2(bench.directory)];
const samples = new Map<string, number[]>();

async function untilPrinted(log: string): Promise<void> {
  while (!existsSync(log) || !readFileSync(log, 'utf8').includes('hi')) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function measurePeer(peer: Peer, round: number): Promise<void> {
  const log = path.join(bench.directory, `${peer.name.replaceAll(' ', '')}-${round}.log`);
  const startMs = performance.now();
  peer.start(LINE, log);
  await untilPrinted(log);
  samples.get(peer.name)?.push(performance.now() - startMs);
}

heading('Start to first line, ms (median of interleaved rounds)');
try {
  const present = peers.filter((peer) => peer.missing === undefined);
  for (const peer of present) samples.set(peer.name, []);
  samples.set('holdfast', []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const peer of present) {
      // pm2 takes a quarter of a second; a few rounds tell enough.
      if (peer.name !== 'pm2' || round < 4) await measurePeer(peer, round);
    }
    const startMs = performance.now();
    const task = await bench.start(LINE);
    await untilPrinted(path.join(task.directory, 'output.log'));
    samples.get('holdfast')?.push(performance.now() - startMs);
  }
  const plainMs = median(samples.get('plain detached spawn') ?? []);
  for (const [name, values] of samples) {
    row(name, { ms: median(values), 'x plain': median(values) / plainMs });
  }
  for (const peer of peers) if (peer.missing !== undefined) skipped(peer.name, peer.missing);
  const oursMs = median(samples.get('holdfast') ?? []);
  target('at most 3 times plain spawn', oursMs <= 3 * plainMs);
  const tmuxMs = samples.get('tmux + pipe-pane');
  if (tmuxMs !== undefined) target('below tmux', oursMs < median(tmuxMs));
} finally {
  for (const peer of peers) peer.stopAll();
  await bench.close();
}
