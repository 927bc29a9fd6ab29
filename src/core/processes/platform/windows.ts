import { spawnSync } from 'node:child_process';
import type { CommandLine, ProcessPlatform, ProcessRow } from './platform.ts';

const OUTPUT_MAX_BYTES = 64 << 20;

/** Win32_Process (Microsoft Learn): times are in units of 100 ns, CreationDate to the microsecond. */
const PROPERTIES = [
  'ProcessId',
  'ParentProcessId',
  'Name',
  'CommandLine',
  'ExecutablePath',
  'WorkingSetSize',
  'KernelModeTime',
  'UserModeTime',
  "@{n='Created';e={if($_.CreationDate){$_.CreationDate.ToUniversalTime().ToString('o')}}}",
].join(',');

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** PowerShell takes half a second to start; there is no quicker way without native code. */
function query(filter: string): Record<string, unknown>[] {
  const script =
    '[Console]::OutputEncoding=[Text.Encoding]::UTF8;' +
    `ConvertTo-Json -Compress @(Get-CimInstance Win32_Process ${filter}|Select-Object ${PROPERTIES})`;
  const { stdout } = spawnSync(
    'powershell.exe',
    ['-NoProfile', '-NonInteractive', '-Command', script],
    { encoding: 'utf8', windowsHide: true, maxBuffer: OUTPUT_MAX_BYTES },
  );
  try {
    const parsed: unknown = JSON.parse(stdout);
    return Array.isArray(parsed) ? parsed.filter(isRecord) : [];
  } catch {
    return [];
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** One Win32_Process object. Processes without a creation date (Idle, System) have no identity and are left out. */
export function toWindowsRow(item: Record<string, unknown>, nowMs: number): ProcessRow | undefined {
  const startTime = text(item['Created']);
  if (startTime === '') return undefined;
  return {
    pid: Number(item['ProcessId']),
    ppid: Number(item['ParentProcessId']),
    state: 'R',
    startTime,
    ageMs: Math.max(0, nowMs - Date.parse(startTime)),
    cpuMs: (Number(item['KernelModeTime']) + Number(item['UserModeTime'])) / 10_000,
    rssBytes: Number(item['WorkingSetSize']),
    name: text(item['Name']),
  };
}

function readRows(filter: string): ProcessRow[] {
  const now = Date.now();
  return query(filter).flatMap((item) => toWindowsRow(item, now) ?? []);
}

/** Splits a command line at blanks outside double quotes: enough to know a program by its first words. */
export function splitCommandLine(line: string): string[] {
  return (line.match(/(?:[^\s"]|"[^"]*")+/g) ?? []).map((part) => part.replaceAll('"', ''));
}

/**
 * Windows by CIM. Not tried on Windows yet. The OS shows neither another process's environment nor its open files
 * without native code, so only the parent chain finds a task's processes: one whose parents are all gone is missed.
 */
export const windows: ProcessPlatform = {
  // The creation date is an absolute instant, so an identity needs nothing more to tell one boot from the next.
  bootId: () => 'windows',
  readOne: (pid) =>
    Number.isSafeInteger(pid) && pid > 0 ? readRows(`-Filter 'ProcessId=${pid}'`)[0] : undefined,
  readRows: () => readRows(''),
  readCookies: () => new Map(),
  findWriters: () => new Set(),
  readCommandLines: (pids) => {
    const wanted = new Set(pids);
    const lines = new Map<number, CommandLine>();
    for (const item of query('')) {
      const pid = Number(item['ProcessId']);
      const exe = text(item['ExecutablePath']);
      if (!wanted.has(pid)) continue;
      lines.set(pid, {
        argv: splitCommandLine(text(item['CommandLine'])),
        ...(exe === '' ? {} : { exe }),
      });
    }
    return lines;
  },
  readCwd: () => undefined,
  parentMayBeReused: true,
  hasSignals: false,
};
