import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Disposable } from '../../common/disposables.ts';
import { currentBootId, isAlive, ownIdentity } from '../../processes/identity.ts';

const PREFIX = 'holdfast-shell-';

/** A directory of this process, in memory where the system has a place for that. */
export interface CaptureDirectory extends Disposable {
  readonly path: string;
}

/** Makes the directory, and takes away those of processes that were killed. */
export function openCaptureDirectory(environment: NodeJS.ProcessEnv): CaptureDirectory {
  const parent = chooseParent(environment);
  sweep(parent);
  const { pid, startTime } = ownIdentity();
  const directory = mkdtempSync(
    path.join(parent, `${PREFIX}${pid}.${startTime.replaceAll(/\W/g, '_')}-`),
  );
  return {
    path: directory,
    dispose: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** XDG_RUNTIME_DIR belongs to the user alone and lies in memory (XDG Base Directory); /dev/shm lies in memory. */
function chooseParent(environment: NodeJS.ProcessEnv): string {
  const candidates = [environment['XDG_RUNTIME_DIR'], '/dev/shm'];
  const isFit = (directory: string | undefined): directory is string => {
    if (process.platform !== 'linux' || !directory || !path.isAbsolute(directory)) return false;
    const stat = statSync(directory, { throwIfNoEntry: false });
    const isOwn = stat?.uid === process.getuid?.();
    return stat?.isDirectory() === true && (isOwn || (stat.mode & 0o1002) === 0o1002);
  };
  return candidates.find(isFit) ?? tmpdir();
}

function sweep(parent: string): void {
  for (const name of readdirSync(parent)) {
    const [, pid, startTime] = /^holdfast-shell-(\d+)\.(\w+)-\w+$/.exec(name) ?? [];
    if (pid === undefined || startTime === undefined) continue;
    const holder = { pid: Number(pid), startTime, bootId: currentBootId() };
    // Where start times have other characters they were written differently: a live pid is enough to let it be.
    const mayLive = /^\d+$/.test(startTime) ? isAlive(holder) : isPidTaken(Number(pid));
    if (!mayLive) removeIfOurs(path.join(parent, name));
  }
}

function isPidTaken(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Other users' are none of our business, and removing them would fail. */
function removeIfOurs(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch {
    // Theirs, or going away just now.
  }
}
