import { linux } from './linux.ts';
import { macos } from './macos.ts';
import { windows } from './windows.ts';

/** One process as the OS listed it at one moment. */
export interface ProcessRow {
  readonly pid: number;
  readonly ppid: number;
  /** Effective user; absent where the OS doesn't say (Windows). */
  readonly uid?: number;
  /** The first letter that ps(1) shows: R running, S sleeping, D uninterruptible, T stopped, Z zombie, X dead. */
  readonly state: string;
  /** See `ProcessIdentity.startTime`. */
  readonly startTime: string;
  readonly ageMs: number;
  /** Time on a processor, user and system, since the process began. */
  readonly cpuMs: number;
  readonly rssBytes: number;
  /** The program's short name; Linux cuts it at 15 bytes. */
  readonly name: string;
}

/** As much of a row as tells one process from another and the living from the dead. */
export type ProcessGlance = Pick<ProcessRow, 'pid' | 'startTime' | 'state'>;

export interface CommandLine {
  readonly argv: readonly string[];
  /** Path of the program file, where the OS tells it. */
  readonly exe?: string;
}

/**
 * What we ask an operating system. All calls are synchronous, because what is read is stale a moment later and on
 * Linux a synchronous scan is four times quicker. A process that vanished or that we may not look into is left out of
 * an answer; no call throws for it.
 */
export interface ProcessPlatform {
  bootId(): string;
  readOne(pid: number): ProcessGlance | undefined;
  readRows(): ProcessRow[];
  /** Values of `HOLDFAST_TASK` in the environments of those of `pids` that carry one. */
  readCookies(pids: readonly number[]): Map<number, readonly string[]>;
  /** Those of `pids` that hold the file open for writing. */
  findWriters(path: string, pids: readonly number[]): Set<number>;
  readCommandLines(pids: readonly number[]): Map<number, CommandLine>;
  readCwd(pid: number): string | undefined;
  /**
   * Whether a parent may show as younger than its child because pids were reused while (Linux) or before (Windows) the
   * list was made; if so, such a child is a stranger's.
   */
  readonly parentMayBeReused: boolean;
  /** Whether a process can be asked to end (SIGTERM), stopped and continued. */
  readonly hasSignals: boolean;
}

/** The platform this process runs on. Unix systems other than macOS are taken for Linux and need its /proc. */
export function currentPlatform(): ProcessPlatform {
  if (process.platform === 'win32') return windows;
  if (process.platform === 'darwin') return macos;
  return linux;
}
