import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { PRIVATE_DIRECTORY_MODE, storeError } from '../common/atomicFile.ts';
import { systemErrorCode } from '../common/errors.ts';
import type { Workspace } from '../store/workspace.ts';
import {
  taskDirectoryAt,
  taskNumber,
  tasksDirectory,
  type TaskDirectory,
} from './taskDirectory.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Takes the next free `bash_N` of a workspace by creating its directory; mkdir(2) lets exactly one of several
 * claimants have it. A removed task leaves its empty directory behind (see {@link sweepTombstones}), so that its
 * number is not given out again.
 */
export function claimTaskId(workspace: Workspace): TaskDirectory {
  const parent = tasksDirectory(workspace);
  let next = Math.max(0, ...takenNumbers(parent)) + 1;
  for (;;) {
    const directory = path.join(parent, `bash_${String(next)}`);
    try {
      mkdirSync(directory, { mode: PRIVATE_DIRECTORY_MODE });
      return taskDirectoryAt(directory);
    } catch (error) {
      if (systemErrorCode(error) !== 'EEXIST') {
        throw storeError(`creating the directory ${directory}`, error);
      }
      next += 1;
    }
  }
}

/**
 * Deletes what removed tasks, and starters that died before they wrote `task.json`, left behind. The highest number
 * always stays, and so does anything younger than a day: a claimant that was stopped between its look and its mkdir
 * must not find a number free that was in use meanwhile.
 */
export function sweepTombstones(workspace: Workspace, nowMs: number): void {
  const parent = tasksDirectory(workspace);
  if (!existsSync(parent)) return;
  const numbers = takenNumbers(parent);
  const highest = Math.max(0, ...numbers);
  for (const number of numbers) {
    const directory = taskDirectoryAt(path.join(parent, `bash_${String(number)}`));
    const isTombstone = existsSync(directory.removed) || !existsSync(directory.task);
    if (number === highest || !isTombstone) continue;
    const age = nowMs - (statSync(directory.path, { throwIfNoEntry: false })?.mtimeMs ?? nowMs);
    if (age > DAY_MS) rmSync(directory.path, { recursive: true, force: true });
  }
}

function takenNumbers(parent: string): number[] {
  return readdirSync(parent).flatMap((name) => taskNumber(name) ?? []);
}
