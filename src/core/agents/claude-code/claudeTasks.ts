import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import {
  PRIVATE_DIRECTORY_MODE,
  storeError,
  writeFileAtomicSync,
} from '../../common/atomicFile.ts';
import { readJsonSync } from '../../common/jsonFile.ts';
import { COOKIE_VARIABLE } from '../../tasks/environment.ts';
import { readTask } from '../../tasks/readTask.ts';
import type { TaskHost } from '../../tasks/taskHost.ts';
import type { TaskSnapshot } from '../../tasks/types.ts';

/**
 * Which tasks a conversation of Claude Code has started: `<home>/claude-code/sessions/<its id>/bash_N.json`, and `told.json`
 * with what Claude was told of them.
 */

const linkSchema = v.looseObject({
  v: v.literal(1),
  directory: v.string(),
  /** As the task is called in the conversation: `bcvi2hbny`; null for one that was started by our own tools. */
  claudeTask: v.nullable(v.string()),
  toolUse: v.nullable(v.string()),
});

const toldSchema = v.looseObject({
  v: v.literal(1),
  /** By task: its attempt and status. */
  tasks: v.record(v.string(), v.string()),
  /** The call in whose middle the conversation was cut off. */
  interrupted: v.optional(v.nullable(v.string())),
  /** When the process that has the conversation took it up: of its own tasks from then on it hears by itself. */
  beganMs: v.optional(v.number()),
});
export type Told = v.InferOutput<typeof toldSchema>;

export interface ClaudeTask {
  readonly task: TaskSnapshot;
  readonly claudeTask: string | undefined;
}

const MAX_LINK_AGE_MS = 60 * 24 * 60 * 60 * 1000;
const LINK = /^bash_\d+\.json$/;

function directoryOf(home: string, claudeSession: string): string {
  return path.join(home, 'claude-code', 'sessions', path.basename(claudeSession));
}

/** @throws HoldfastError `home.notWritable`, `disk.full`. */
export function linkTask(
  home: string,
  claudeSession: string,
  task: TaskSnapshot,
  names: { readonly claudeTask: string | undefined; readonly toolUse: string | undefined },
): void {
  const directory = directoryOf(home, claudeSession);
  try {
    mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
  } catch (error) {
    throw storeError(`creating ${directory}`, error);
  }
  const link = {
    v: 1,
    directory: task.directory,
    claudeTask: names.claudeTask ?? null,
    toolUse: names.toolUse ?? null,
  };
  const file = path.join(directory, `${task.id}.json`);
  writeFileAtomicSync(file, `${JSON.stringify(link)}\n`, { isDurable: false });
}

/** The tasks that a conversation has started and that are kept still, in the order of their numbers. */
export function claudeTasksOf(home: string, claudeSession: string, nowMs: number): ClaudeTask[] {
  const directory = directoryOf(home, claudeSession);
  return namesIn(directory)
    .filter((name) => LINK.test(name))
    .flatMap((name) => {
      const link = readJsonSync(path.join(directory, name), linkSchema);
      if (link.kind !== 'ok') return [];
      const task = readTask(link.value.directory, nowMs);
      if (task === undefined) return [];
      return [{ task, claudeTask: link.value.claudeTask ?? undefined }];
    })
    .sort((a, b) => a.task.number - b.task.number);
}

/** Whether the Claude Code that this process belongs to runs inside of a task: in the background, or in a kept terminal. */
export function isAround({ environment }: TaskHost, { cookie }: TaskSnapshot): boolean {
  return environment[COOKIE_VARIABLE] === cookie;
}

export function readTold(home: string, claudeSession: string): Told {
  const told = readJsonSync(path.join(directoryOf(home, claudeSession), 'told.json'), toldSchema);
  return told.kind === 'ok' ? told.value : { v: 1, tasks: {} };
}

/** @throws HoldfastError `home.notWritable`, `disk.full`. */
export function writeTold(home: string, claudeSession: string, told: Told): void {
  const directory = directoryOf(home, claudeSession);
  try {
    mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
  } catch (error) {
    throw storeError(`creating ${directory}`, error);
  }
  const file = path.join(directory, 'told.json');
  writeFileAtomicSync(file, `${JSON.stringify(told)}\n`, { isDurable: false });
}

/** Takes away what conversations of long ago, and calls that were never made, have left. */
export function sweepClaudeTasks(home: string, nowMs: number): void {
  for (const part of ['sessions', 'pending', 'stopping']) {
    const directory = path.join(home, 'claude-code', part);
    for (const name of namesIn(directory)) {
      const entry = path.join(directory, name);
      const stat = statSync(entry, { throwIfNoEntry: false });
      const maxAgeMs = part === 'sessions' ? MAX_LINK_AGE_MS : MAX_LINK_AGE_MS / 60;
      if (stat !== undefined && nowMs - stat.mtimeMs > maxAgeMs) {
        rmSync(entry, { recursive: true, force: true });
      }
    }
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
