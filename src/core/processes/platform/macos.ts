import { spawnSync } from 'node:child_process';
import type { CommandLine, ProcessPlatform, ProcessRow } from './platform.ts';

const OUTPUT_MAX_BYTES = 64 << 20;

/** `lstart` is local time in the user's language unless told otherwise, and would change with daylight saving. */
const PLAIN = { LC_ALL: 'C', TZ: 'UTC0' };

/** What a tool printed; empty if it failed. ps and lsof also exit with 1 when they list nothing. */
function run(file: string, args: readonly string[]): string {
  const { stdout } = spawnSync(file, args, {
    encoding: 'utf8',
    env: { ...process.env, ...PLAIN },
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: OUTPUT_MAX_BYTES,
  });
  return typeof stdout === 'string' ? stdout : '';
}

const COLUMNS = 'pid=,ppid=,uid=,state=,rss=,time=,lstart=,comm=';

const ROW =
  /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S)\S*\s+(\d+)\s+([\d:.-]+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/;

/** `time` of ps(1): minutes, seconds and hundredths as `123:45.67`, hours before if there are any. */
function parseCpuMs(text: string): number {
  const seconds = text.split(/[:-]/).reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round(seconds * 1000);
}

/** One line of `ps -o` with {@link COLUMNS}. rss is in KiB; lstart reads `Sat Nov 21 11:30:11 2026`. */
export function parsePsLine(line: string, nowMs: number): ProcessRow | undefined {
  const match = ROW.exec(line);
  if (match === null) return undefined;
  const [, pid, ppid, uid, state = '', rss, time = '', lstart = '', comm = ''] = match;
  const startTime = lstart.replace(/\s+/g, ' ');
  return {
    pid: Number(pid),
    ppid: Number(ppid),
    uid: Number(uid),
    state,
    startTime,
    ageMs: Math.max(0, nowMs - Date.parse(`${startTime} UTC`)),
    cpuMs: parseCpuMs(time),
    rssBytes: Number(rss) * 1024,
    name: comm.slice(comm.lastIndexOf('/') + 1),
  };
}

function readRows(args: readonly string[]): ProcessRow[] {
  const now = Date.now();
  return run('/bin/ps', [...args, '-o', COLUMNS])
    .split('\n')
    .flatMap((line) => parsePsLine(line, now) ?? []);
}

function readCommands(args: readonly string[]): Map<number, string> {
  const commands = new Map<number, string>();
  for (const line of run('/bin/ps', [...args, '-o', 'pid=,command=']).split('\n')) {
    const match = /^\s*(\d+) (.*)$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined)
      commands.set(Number(match[1]), match[2]);
  }
  return commands;
}

/**
 * `ps -E` puts the environment behind the command, parted by blanks only. What follows the command as printed without
 * -E is the environment, so that a cookie among the arguments (as in `grep HOLDFAST_TASK=x`) does not count.
 * The system hides the environment of its own programs (System Integrity Protection): those are found by parent or log.
 */
export function cookiesAfter(command: string, withEnvironment: string): string[] {
  if (!withEnvironment.startsWith(command)) return [];
  const words = withEnvironment.slice(command.length).split(' ');
  return words.flatMap((word) => (word.startsWith('HOLDFAST_TASK=') ? [word.slice(14)] : []));
}

/** lsof(8) -F: `p` starts a process, `f` a descriptor, `a` is its access: r, w, or u for both. */
export function parseWriters(text: string): Set<number> {
  const writers = new Set<number>();
  let pid = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1));
    else if (line === 'aw' || line === 'au') writers.add(pid);
  }
  return writers;
}

/** macOS by ps(1), sysctl(8) and lsof(8). Written to their manual pages; not tried on a Mac yet. */
export const macos: ProcessPlatform = {
  bootId: () => run('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid']).trim(),
  readOne: (pid) => (pid > 0 ? readRows(['-p', String(pid)])[0] : undefined),
  readRows: () => readRows(['-ax']),
  readCookies: (pids) => {
    const commands = readCommands(['-axww']);
    const withEnvironment = readCommands(['-axwwE']);
    const found = new Map<number, readonly string[]>();
    for (const pid of pids) {
      const cookies = cookiesAfter(commands.get(pid) ?? '\n', withEnvironment.get(pid) ?? '');
      if (cookies.length > 0) found.set(pid, cookies);
    }
    return found;
  },
  findWriters: (path, pids) => {
    const writers = parseWriters(run('/usr/sbin/lsof', ['-w', '-F', 'pfa', '--', path]));
    return new Set(pids.filter((pid) => writers.has(pid)));
  },
  // Arguments come parted by blanks only, so one that holds a blank shows as two.
  readCommandLines: (pids) => {
    const commands = readCommands(['-axww']);
    const lines = new Map<number, CommandLine>();
    for (const pid of pids) {
      const command = commands.get(pid);
      if (command !== undefined) lines.set(pid, { argv: command.split(' ') });
    }
    return lines;
  },
  readCwd: (pid) =>
    /^n(.*)$/m.exec(
      run('/usr/sbin/lsof', ['-w', '-a', '-d', 'cwd', '-p', String(pid), '-F', 'n']),
    )?.[1],
  parentMayBeReused: false,
  hasSignals: true,
};
