import { readFileSync, readlinkSync } from 'node:fs';
import { findLinuxWriters, readLinuxCookies, readProcBytes } from './linuxMarks.ts';
import { readLinuxRows, readLinuxStat } from './linuxStat.ts';
import type { CommandLine, ProcessPlatform } from './platform.ts';

function tryReadlink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** /proc/PID/cmdline: arguments ended by NUL; programs that retitle themselves leave one text padded with NULs. */
function parseCmdline(bytes: Buffer): string[] {
  const parts = bytes.toString('utf8').split('\0');
  while (parts.at(-1) === '') parts.pop();
  return parts;
}

function readCommandLine(pid: number): CommandLine | undefined {
  const argv = parseCmdline(readProcBytes(`/proc/${pid}/cmdline`));
  // The program file of a process that was updated underneath reads `/path/name (deleted)`.
  const exe = tryReadlink(`/proc/${pid}/exe`)?.replace(/ \(deleted\)$/, '');
  if (argv.length === 0 && exe === undefined) return undefined;
  return { argv, ...(exe === undefined ? {} : { exe }) };
}

/** Linux by proc(5). */
export const linux: ProcessPlatform = {
  bootId: () => {
    try {
      return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    } catch {
      return '';
    }
  },
  readOne: readLinuxStat,
  readRows: readLinuxRows,
  readCookies: readLinuxCookies,
  findWriters: findLinuxWriters,
  readCommandLines: (pids) => {
    const lines = new Map<number, CommandLine>();
    for (const pid of pids) {
      const line = readCommandLine(pid);
      if (line !== undefined) lines.set(pid, line);
    }
    return lines;
  },
  readCwd: (pid) => tryReadlink(`/proc/${pid}/cwd`)?.replace(/ \(deleted\)$/, ''),
  parentMayBeReused: true,
  hasSignals: true,
};
