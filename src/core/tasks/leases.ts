import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PRIVATE_FILE_MODE, storeError } from '../common/atomicFile.ts';
import type { Disposable } from '../common/disposables.ts';
import {
  isAlive,
  ownIdentity,
  currentBootId,
  type ProcessIdentity,
} from '../processes/identity.ts';
import type { Workspace } from '../store/workspace.ts';

/**
 * Says that this process wants the workspace's tasks to live; `terminate` tasks go on as long as some such process
 * does. It needs no renewal: the lease is good while the process that it names lives, however it ends.
 * @throws HoldfastError `disk.full`, `home.notWritable`.
 */
export function takeLease(workspace: Workspace): Disposable {
  const file = path.join(workspace.directory, 'leases', leaseName(ownIdentity()));
  try {
    writeFileSync(file, '', { mode: PRIVATE_FILE_MODE });
  } catch (error) {
    throw storeError(`creating ${file}`, error);
  }
  return {
    dispose: () => {
      rmSync(file, { force: true });
    },
  };
}

/** The live processes that hold a lease in a workspace's `leases` directory. */
export function leaseHoldersIn(directory: string): ProcessIdentity[] {
  return readdirSync(directory)
    .map((name) => {
      const [pid = '', ...startTime] = name.split('.');
      return { pid: Number(pid), startTime: startTime.join('.'), bootId: currentBootId() };
    })
    .filter((holder) => Number.isSafeInteger(holder.pid) && isAlive(holder));
}

/** keeper/watch.sh reads this name. A start time of macOS or Windows may hold blanks and colons. */
function leaseName(identity: ProcessIdentity): string {
  return `${identity.pid}.${identity.startTime}`;
}
