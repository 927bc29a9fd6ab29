import type { Disposable } from '../core/common/disposables.ts';
import { HoldfastError } from '../core/common/errors.ts';
import type { TaskSnapshot } from '../core/tasks/types.ts';
import { describeFailure, inWords } from './failure.ts';
import { followOutput, untilOver } from './followOutput.ts';
import { statusWords } from './statusWords.ts';
import { tell, writeOut } from './stdio.ts';

const EXIT_INTERRUPTED = 130;
/** As timeout(1) of GNU ends. */
const EXIT_TIMED_OUT = 124;
/** Node takes a longer time for none (https://nodejs.org/api/timers.html#settimeoutcallback-delay-args). */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Whether somebody wants to wait no longer. */
export interface Detachment extends Disposable {
  readonly signal: AbortSignal;
  /** What the waiting program ends with when it has left the task behind. */
  readonly exitCode: number;
}

/**
 * Makes Ctrl+C, or a timeout, end the waiting and not the task, which has a session of its own and so never sees the
 * terminal's signal. The handler stays for a second Ctrl+C, until disposed.
 */
export function detachOnInterrupt(timeoutSec?: number): Detachment {
  const controller = new AbortController();
  let exitCode = EXIT_INTERRUPTED;
  const onInterrupt = (): void => {
    controller.abort();
  };
  const onTimeout = (): void => {
    exitCode = EXIT_TIMED_OUT;
    controller.abort();
  };
  process.on('SIGINT', onInterrupt);
  const timer =
    timeoutSec === undefined
      ? undefined
      : setTimeout(onTimeout, Math.min(timeoutSec * 1000, MAX_TIMER_MS));
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    dispose: () => {
      clearTimeout(timer);
      process.off('SIGINT', onInterrupt);
    },
  };
}

/** Prints a task's output as it is until the task ends or the signal comes; gives the task as it stands then. */
export async function waitForTask(
  task: TaskSnapshot,
  { isSilent, signal }: { isSilent: boolean; signal: AbortSignal },
): Promise<TaskSnapshot | undefined> {
  if (isSilent) return untilOver(task, signal);
  const ended = await printUntilOver(task, signal);
  if (ended !== undefined && ended.status !== 'running' && ended.status !== 'completed') {
    tell(`${ended.id}: ${statusWords(ended)}`);
  }
  return ended;
}

async function printUntilOver(
  task: TaskSnapshot,
  signal: AbortSignal,
): Promise<TaskSnapshot | undefined> {
  try {
    return await followOutput(task, {
      from: 0,
      includePartialLine: true,
      signal,
      take: ({ bytes, droppedBytes }) => {
        if (droppedBytes > 0)
          tell(`${droppedBytes} bytes of output were dropped before we read them`);
        return writeOut(bytes);
      },
    });
  } catch (error) {
    if (!HoldfastError.is(error, 'task.logMissing')) throw error;
    // The exit code is still to be had.
    process.stderr.write(inWords(describeFailure(error)));
    return untilOver(task, signal);
  }
}
