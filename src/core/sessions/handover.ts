import { renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PRIVATE_FILE_MODE } from '../common/atomicFile.ts';
import type { Disposable } from '../common/disposables.ts';
import { readSmallFileSync } from '../common/jsonFile.ts';
import type { Workspace } from '../store/workspace.ts';
import { isSessionId } from './sessionId.ts';

const RESUME = 'resume-next';

/** Asks the next window on a workspace, or one that is open on it, to resume a session. */
export function handOver(workspace: Workspace, id: string): void {
  leave(workspace, RESUME, id);
}

/** Calls back with what other windows hand over, now and later. Of several windows one gets it. */
export function onHandover(workspace: Workspace, listener: (id: string) => void): Disposable {
  return onLeft(workspace, RESUME, listener);
}

/** Tells a window (its process) that a session was begun for it, to be its current one if it has none. */
export function tellBegun(workspace: Workspace, windowPid: number, id: string): void {
  leave(workspace, begunName(windowPid), id);
}

/** Calls back with sessions that were begun for this process. */
export function onBegun(workspace: Workspace, listener: (id: string) => void): Disposable {
  return onLeft(workspace, begunName(process.pid), listener);
}

function begunName(windowPid: number): string {
  return `begun-for-${windowPid}`;
}

/** Whole or not at all: the reader is told of the file as soon as it is there. */
function leave({ directory }: Workspace, name: string, id: string): void {
  const temporary = path.join(directory, `${name}.${process.pid}.tmp`);
  writeFileSync(temporary, id, { mode: PRIVATE_FILE_MODE });
  renameSync(temporary, path.join(directory, name));
}

function onLeft(workspace: Workspace, awaited: string, listener: (id: string) => void): Disposable {
  const look = (): void => {
    const id = take(workspace, awaited);
    if (id !== undefined) listener(id);
  };
  look();
  const watcher = watch(workspace.directory, { persistent: false }, (_event, name) => {
    if (name === awaited) look();
  });
  watcher.on('error', () => {
    watcher.close();
  });
  return {
    dispose: () => {
      watcher.close();
    },
  };
}

function take({ directory }: Workspace, name: string): string | undefined {
  const taken = path.join(directory, `${name}.${process.pid}`);
  try {
    // Only one process can move it away.
    renameSync(path.join(directory, name), taken);
  } catch {
    return undefined;
  }
  try {
    const id = readSmallFileSync(taken) ?? '';
    return isSessionId(id) ? id : undefined;
  } finally {
    rmSync(taken, { force: true });
  }
}
