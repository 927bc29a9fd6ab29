import { renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PRIVATE_FILE_MODE } from '../../core/common/atomicFile.ts';
import type { Disposable } from '../../core/common/disposables.ts';
import { readSmallFileSync } from '../../core/common/jsonFile.ts';
import { isSessionId } from '../../core/sessions/sessionId.ts';
import type { Workspace } from '../../core/store/workspace.ts';

const NAME = 'resume-next';

/** Asks the next window on a workspace, or one that is open on it, to resume a session. */
export function handOver(workspace: Workspace, id: string): void {
  writeFileSync(path.join(workspace.directory, NAME), id, { mode: PRIVATE_FILE_MODE });
}

/** Calls back with what other windows hand over, now and later. Of several windows one gets it. */
export function onHandover(workspace: Workspace, listener: (id: string) => void): Disposable {
  const look = (): void => {
    const id = take(workspace);
    if (id !== undefined) listener(id);
  };
  look();
  const watcher = watch(workspace.directory, { persistent: false }, (_event, name) => {
    if (name === NAME) look();
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

function take(workspace: Workspace): string | undefined {
  const taken = path.join(workspace.directory, `${NAME}.${process.pid}`);
  try {
    // Only one process can move it away.
    renameSync(path.join(workspace.directory, NAME), taken);
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
