import { randomUUID } from 'node:crypto';
import { readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { createFileSync, storeError } from '../common/atomicFile.ts';
import { systemErrorCode } from '../common/errors.ts';
import { readJsonSync } from '../common/jsonFile.ts';
import { isAlive, ownIdentity } from '../processes/identity.ts';
import type { Workspace } from '../store/workspace.ts';
import { runningMarker, tasksDirectory, type TaskDirectory } from './taskDirectory.ts';
import type { TaskSnapshot } from './types.ts';

/**
 * A command that an agent waits for is a task like any other, so that it can outlive the agent's patience and the
 * agent. As long as the agent waits, the file `foreground` in its directory keeps it out of every list; the file names
 * the process that waits, and means nothing when that is dead. So what a killed agent has left shows by itself.
 */

const foregroundSchema = v.looseObject({
  v: v.literal(1),
  holder: v.object({ pid: v.number(), startTime: v.string(), bootId: v.string() }),
});

const REMOVING = '.removing-';

/** @throws HoldfastError `disk.full`, `home.notWritable`. */
export function holdInForeground(files: TaskDirectory): void {
  createFileSync(files.foreground, `${JSON.stringify({ v: 1, holder: ownIdentity() })}\n`);
}

/** Whether the agent that waits for this task is alive. */
export function isHeldInForeground(files: TaskDirectory): boolean {
  const record = readJsonSync(files.foreground, foregroundSchema);
  return record.kind === 'ok' && isAlive(record.value.holder);
}

/** Makes it a background task in every list. @throws HoldfastError `home.notWritable`. */
export function moveToBackground(files: TaskDirectory): void {
  try {
    rmSync(files.foreground, { force: true });
  } catch (error) {
    throw storeError(`removing ${files.foreground}`, error);
  }
}

/**
 * Deletes a command that is over and that nobody but its agent has ever seen, whose number may therefore be given out
 * again: a workspace's tasks are not numbered by the commands that an agent has waited for.
 */
export function forgetForeground(workspace: Workspace, task: TaskSnapshot): void {
  const aside = path.join(tasksDirectory(workspace), `${REMOVING}${randomUUID()}`);
  // Before the number is free: the next task of this number has a marker of its own.
  rmSync(runningMarker(workspace, task.id), { force: true });
  try {
    renameSync(task.directory, aside);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return;
    throw storeError(`removing ${task.directory}`, error);
  }
  rmSync(aside, { recursive: true, force: true, maxRetries: 3 });
}

/** Finishes deletions that were interrupted. */
export function sweepForgotten(workspace: Workspace): void {
  const directory = tasksDirectory(workspace);
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    return;
  }
  for (const name of names) {
    if (!name.startsWith(REMOVING)) continue;
    rmSync(path.join(directory, name), { recursive: true, force: true });
  }
}
