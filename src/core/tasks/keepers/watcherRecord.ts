import path from 'node:path';
import { readSmallFileSync } from '../../common/jsonFile.ts';
import { isAlive } from '../../processes/identity.ts';
import type { Workspace } from '../../store/workspace.ts';

/**
 * Whether the workspace's watcher (keeper/watch.sh) lives. Apart from what starts one, since the command line asks this
 * each time and seldom has to.
 */
export function isWatcherAlive(workspace: Workspace): boolean {
  const line = readSmallFileSync(path.join(workspace.directory, 'watcher'))?.trim() ?? '';
  const [pid = '', startTime = '', bootId = ''] = line.split(' ');
  return /^\d+$/.test(pid) && isAlive({ pid: Number(pid), startTime, bootId });
}
