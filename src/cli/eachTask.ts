import { COOKIE_VARIABLE } from '../core/tasks/environment.ts';
import { findTask } from '../core/tasks/listTasks.ts';
import type { TaskHost } from '../core/tasks/taskHost.ts';
import type { TaskSnapshot } from '../core/tasks/types.ts';
import { describeFailure, EXIT_FAILED, inWords, type FailureJson } from './failure.ts';

/** What came of one of several tasks that a command was given. */
export interface Outcome<T> {
  readonly id: string;
  readonly value?: T;
  readonly failure?: FailureJson;
}

/** Does something to several tasks at once; what fails for one leaves the others be. Each id counts once. */
export async function eachTask<T>(
  host: TaskHost,
  ids: readonly string[],
  act: (task: TaskSnapshot) => T | Promise<T>,
): Promise<Outcome<T>[]> {
  const outcomes = new Map<string, Promise<Outcome<T>>>();
  for (const given of ids) {
    const found = tryFind(host, given);
    const id = found.task?.id ?? given;
    if (!outcomes.has(id)) outcomes.set(id, outcomeOf(id, found, act));
  }
  return Promise.all(outcomes.values());
}

/** For `--json`: `[ { "id", "error": { "code", "message", "hint" } } ]` */
export function failuresJson(outcomes: readonly Outcome<unknown>[]): unknown[] {
  return outcomes.flatMap(({ id, failure }) => (failure ? [{ id, error: failure }] : []));
}

/** Says each failure in words unless they are part of the JSON, and sets the exit status. */
export function reportFailures(outcomes: readonly Outcome<unknown>[], isJson: boolean): void {
  for (const { failure } of outcomes) {
    if (failure === undefined) continue;
    process.exitCode = EXIT_FAILED;
    if (!isJson) process.stderr.write(inWords(failure));
  }
}

/** Whether we run inside that task: what ends it would end us half-way. */
export function isOwnTask(task: TaskSnapshot): boolean {
  return process.env[COOKIE_VARIABLE] === task.cookie;
}

interface Found {
  readonly task?: TaskSnapshot;
  readonly error?: unknown;
}

function tryFind(host: TaskHost, id: string): Found {
  try {
    return { task: findTask(host.workspace, id, host.clock.now()) };
  } catch (error) {
    return { error };
  }
}

async function outcomeOf<T>(
  id: string,
  { task, error }: Found,
  act: (task: TaskSnapshot) => T | Promise<T>,
): Promise<Outcome<T>> {
  if (task === undefined) return { id, failure: describeFailure(error) };
  try {
    return { id, value: await act(task) };
  } catch (cause) {
    return { id, failure: describeFailure(cause) };
  }
}
