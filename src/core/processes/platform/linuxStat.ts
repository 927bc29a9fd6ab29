import { closeSync, fstatSync, openSync, readFileSync, readSync, readdirSync } from 'node:fs';
import type { ProcessRow } from './platform.ts';

/** Clock ticks a second in /proc: USER_HZ, which is 100 on every architecture that Node runs on (proc(5), time(7)). */
const TICK_MS = 10;

/** A stat line is about 300 bytes; 64-bit numbers in every field stay below this. */
const STAT_MAX_BYTES = 2048;

/** What we use of one /proc/PID/stat line. */
export interface StatLine {
  readonly pid: number;
  readonly name: string;
  readonly state: string;
  readonly ppid: number;
  readonly cpuMs: number;
  readonly startTime: string;
  readonly rssPages: number;
}

/**
 * Parses /proc/PID/stat (proc_pid_stat(5)). The name stands in parentheses and may itself hold blanks, newlines and
 * parentheses, as in `7 (a) R (b) S 1 …`; no later field can hold one, so the last `)` ends it.
 */
export function parseStatLine(text: string): StatLine | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  // fields[0] is field 3 of the manual page.
  const fields = text.slice(close + 2).split(' ', 22);
  const [state, ppid] = fields;
  const startTime = fields[19];
  if (state === undefined || ppid === undefined || startTime === undefined) return undefined;
  // A main thread that ended before its other threads reads Z although the process goes on; a true zombie has one.
  const isLeaderOnly = state === 'Z' && Number(fields[17]) > 1;
  return {
    pid: Number.parseInt(text, 10),
    name: text.slice(open + 1, close),
    state: isLeaderOnly ? 'S' : state.toUpperCase(),
    ppid: Number(ppid),
    cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
    startTime,
    rssPages: Number(fields[21]),
  };
}

let statBuffer: Buffer | undefined;
let pageBytes: number | undefined;

/** From smaps, because Node does not tell it and arm64 has pages of 4, 16 or 64 KiB. */
function readPageBytes(): number {
  const size = /^KernelPageSize:\s+(\d+) kB/m.exec(readFileSync('/proc/self/smaps', 'latin1'))?.[1];
  return size === undefined ? 4096 : Number(size) * 1024;
}

/** Time since boot on the clock that start times are counted on. */
function readUptimeMs(): number {
  return Number.parseFloat(readFileSync('/proc/uptime', 'latin1')) * 1000;
}

/** Opens one stat file and reads its line; undefined when there is no such process, also if it ends meanwhile. */
function readStat<T>(pid: string | number, use: (line: StatLine, fd: number) => T): T | undefined {
  let fd: number;
  try {
    fd = openSync(`/proc/${pid}/stat`, 'r');
  } catch {
    return undefined;
  }
  try {
    statBuffer ??= Buffer.allocUnsafeSlow(STAT_MAX_BYTES);
    const length = readSync(fd, statBuffer, 0, STAT_MAX_BYTES, 0);
    const line = parseStatLine(statBuffer.toString('utf8', 0, length));
    return line === undefined ? undefined : use(line, fd);
  } catch {
    // It ended between open and read (ESRCH).
    return undefined;
  } finally {
    closeSync(fd);
  }
}

function toRow({ rssPages, ...rest }: StatLine, fd: number, uptimeMs: number): ProcessRow {
  return {
    ...rest,
    // The files of a process belong to its effective user.
    uid: fstatSync(fd).uid,
    ageMs: Math.max(0, uptimeMs - Number(rest.startTime) * TICK_MS),
    rssBytes: rssPages * (pageBytes ??= readPageBytes()),
  };
}

export function readLinuxStat(pid: number): StatLine | undefined {
  return Number.isSafeInteger(pid) && pid > 0 ? readStat(pid, (line) => line) : undefined;
}

export function readLinuxRows(): ProcessRow[] {
  const uptimeMs = readUptimeMs();
  const rows: ProcessRow[] = [];
  for (const entry of readdirSync('/proc')) {
    const first = entry.charCodeAt(0);
    if (first < 0x31 || first > 0x39) continue;
    const row = readStat(entry, (line, fd) => toRow(line, fd, uptimeMs));
    if (row !== undefined) rows.push(row);
  }
  return rows;
}
