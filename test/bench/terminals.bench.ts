// What a kept terminal costs: a key's way to the program and back, throughput, coming back, memory.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildScripts } from '../process/conformance/variant.ts';
import { readTask } from '../../src/core/tasks/readTask.ts';
import { startTask } from '../../src/core/tasks/startTask.ts';
import { killTask } from '../../src/core/tasks/killTask.ts';
import type { TaskHost } from '../../src/core/tasks/taskHost.ts';
import { defaultPolicy, type TaskSnapshot } from '../../src/core/tasks/types.ts';
import { defaultRetention } from '../../src/core/tasks/pruneTasks.ts';
import { PosixPty } from '../../src/core/terminals/posixPty.ts';
import { requireTerminal } from '../../src/core/terminals/requireTerminal.ts';
import { SCROLLBACK_LINES } from '../../src/core/terminals/scrollback.ts';
import { TerminalClient } from '../../src/core/terminals/terminalClient.ts';
import { openBenchHost, readPssBytes } from './support/benchHost.ts';
import { heading, median, row, skipped, target } from './support/report.ts';

const SIZE = { columns: 120, rows: 40 };
const KEYS = 200;
const FLOOD_MB = 100;

const bench = openBenchHost();
const scriptsDirectory = mkdtempSync(path.join(tmpdir(), 'holdfast-bench-keeper-'));
const host: TaskHost = { ...bench.host, scriptsDirectory };

function start(line: string): Promise<TaskSnapshot> {
  return startTask(host, {
    command: { kind: 'line', line },
    shell: '/bin/sh',
    cwd: host.workspace.folder,
    terminal: SIZE,
    policy: defaultPolicy,
    retention: defaultRetention,
  });
}

interface Attached {
  readonly client: TerminalClient;
  onOutput: () => void;
  readonly screenMs: number;
  readonly screenBytes: number;
}

function attach(task: TaskSnapshot): Promise<Attached> {
  const startMs = performance.now();
  return new Promise((resolve) => {
    const client: TerminalClient = new TerminalClient(
      requireTerminal(task),
      { role: 'attach', ...SIZE, scrollback: SCROLLBACK_LINES },
      {
        onScreen: (bytes) => {
          const attached: Attached = {
            client,
            onOutput: () => undefined,
            screenMs: performance.now() - startMs,
            screenBytes: bytes.length,
          };
          listener.attached = attached;
          resolve(attached);
        },
        onOutput: () => listener.attached?.onOutput(),
        onEnd: () => undefined,
      },
    );
  });
}
const listener: { attached?: Attached } = {};

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

async function keysOf(
  type: (key: string) => void,
  onEcho: (then: () => void) => void,
): Promise<number> {
  const samples: number[] = [];
  for (let key = 0; key < KEYS; key += 1) {
    const startMs = performance.now();
    await new Promise<void>((resolve) => {
      onEcho(resolve);
      type('x');
    });
    samples.push(performance.now() - startMs);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return median(samples);
}

async function measureKeys(): Promise<void> {
  heading('A key to its echo, ms (median)');
  let echo = (): void => undefined;
  const environment = process.env as Record<string, string>;
  const plain = new PosixPty(
    { argv: ['/bin/cat'], cwd: '/', environment, size: SIZE },
    {
      onData: () => {
        echo();
      },
      onExit: () => undefined,
      onClose: () => undefined,
    },
  );
  const plainMs = await keysOf(
    (key) => void plain.write(Buffer.from(key)),
    (then) => {
      echo = then;
    },
  );
  process.kill(plain.pid, 'SIGKILL');
  const task = await start('exec cat');
  const attached = await attach(task);
  const keptMs = await keysOf(
    (key) => attached.client.type(Buffer.from(key)),
    (then) => {
      attached.onOutput = then;
    },
  );
  attached.client.close();
  await killTask(host, task, { graceMs: 100 });
  row('plain terminal', { ms: plainMs });
  row('kept terminal', { ms: keptMs, more: keptMs - plainMs });
  target('at most 5 ms more than a plain terminal', keptMs - plainMs <= 5);
}

async function measureFlood(): Promise<void> {
  heading(`${FLOOD_MB} MB of colour output`);
  const file = path.join(bench.directory, 'colours');
  const line = Array.from({ length: 12 }, (_, i) => `\x1b[${31 + (i % 7)}mword${i}\x1b[0m`).join(
    ' ',
  );
  writeFileSync(file, `${line}\n`.repeat(Math.ceil((FLOOD_MB * 1e6) / (line.length + 1))));
  const startMs = performance.now();
  const task = await start(`cat ${file}`);
  await until(() => readTask(task.directory, Date.now())?.status !== 'running');
  const keptSec = (performance.now() - startMs) / 1000;
  row('kept terminal', { s: keptSec, 'MB/s': FLOOD_MB / keptSec });
  const tmuxSec = floodTmux(file);
  if (tmuxSec === undefined) skipped('tmux', 'not installed');
  else row('tmux', { s: tmuxSec, 'MB/s': FLOOD_MB / tmuxSec, 'x kept': keptSec / tmuxSec });
}

const tmuxServer = ['-L', `holdfast-bench-${process.pid}`];

function tmux(...argv: string[]): string {
  return execFileSync('tmux', [...tmuxServer, '-f', '/dev/null', ...argv], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function floodTmux(file: string): number | undefined {
  try {
    tmux('new-session', '-d', '-x', '120', '-y', '40', 'sleep 1000');
  } catch {
    return undefined;
  }
  const startMs = performance.now();
  tmux('new-window', `cat ${file}; tmux -L holdfast-bench-${process.pid} wait-for -S done`);
  tmux('wait-for', 'done');
  const seconds = (performance.now() - startMs) / 1000;
  tmux('kill-server');
  return seconds;
}

async function measureReturn(): Promise<void> {
  heading('Coming back to a screen of 10,000 lines');
  const program =
    'i=0; while [ $i -lt 10100 ]; do i=$((i+1)); printf "\\033[32m%d\\033[0m a line as programs write them, of some sixty characters\\n" $i; done; echo over; exec sleep 1000';
  const task = await start(program);
  await until(() => (readTask(task.directory, Date.now())?.outputBytes ?? 0) > 700_000);
  const samples: number[] = [];
  let bytes = 0;
  for (let round = 0; round < 5; round += 1) {
    const attached = await attach(task);
    samples.push(attached.screenMs);
    bytes = attached.screenBytes;
    // Drawing something makes the next picture a new one.
    attached.client.type(Buffer.from(' '));
    await new Promise((resolve) => setTimeout(resolve, 50));
    attached.client.close();
  }
  row('kept terminal', { ms: median(samples), KiB: bytes / 1024 });
  target('below 150 ms', median(samples) < 150);
  const keeper = readTask(task.directory, Date.now())?.processes?.keeper.pid;
  if (keeper !== undefined) row('its keeper', { 'MB PSS': readPssBytes(keeper) / 1e6 });
  await killTask(host, task, { graceMs: 100 });
}

async function measureMemory(): Promise<void> {
  heading('Memory of an idle terminal, MB (PSS)');
  const task = await start('exec sleep 1000');
  const keeper = readTask(task.directory, Date.now())?.processes?.keeper.pid ?? 0;
  await new Promise((resolve) => setTimeout(resolve, 500));
  row('kept terminal', { MB: readPssBytes(keeper) / 1e6 });
  await killTask(host, task, { graceMs: 100 });
  const script = `require('@lydell/node-pty').spawn('/bin/sleep', ['1000'], {}).onData(() => {}); console.log('up')`;
  const bare = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => bare.stdout.once('data', resolve));
  await new Promise((resolve) => setTimeout(resolve, 500));
  row('bare node-pty process', { MB: readPssBytes(bare.pid ?? 0) / 1e6 });
  bare.kill('SIGKILL');
  await measureTmuxMemory();
}

/** One server holds all of them: what the first costs, and what each of ten more does. */
async function measureTmuxMemory(): Promise<void> {
  const more = 10;
  try {
    tmux('new-session', '-d', '-x', '120', '-y', '40', 'sleep 1000');
  } catch {
    skipped('tmux', 'not installed');
    return;
  }
  const server = Number(tmux('display-message', '-p', '#{pid}'));
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 500));
  await settle();
  const first = readPssBytes(server);
  for (let i = 0; i < more; i += 1) tmux('new-window', '-d', 'sleep 1000');
  await settle();
  row('tmux', { MB: first / 1e6, 'each more': (readPssBytes(server) - first) / more / 1e6 });
  tmux('kill-server');
}

try {
  await buildScripts(path.join(scriptsDirectory, 'keeper'));
  Object.assign(host, { scriptsDirectory: path.join(scriptsDirectory, 'keeper') });
  await measureKeys();
  await measureFlood();
  await measureReturn();
  await measureMemory();
} finally {
  await bench.close();
  rmSync(scriptsDirectory, { recursive: true, force: true });
}
