import { setTimeout as delay } from 'node:timers/promises';
import { systemErrorCode } from '../common/errors.ts';
import { isAlive, type ProcessIdentity } from './identity.ts';

/** `gone`: there was no such process any more. `denied`: the OS or we ourselves do not allow it. */
export type SignalOutcome = 'sent' | 'gone' | 'denied';

/**
 * Signals one process after proving that the pid is still its own. (Between proof and signal lie microseconds, in which
 * the pid would have to be freed and given out again; Node offers no pidfd to close even that.)
 */
export function sendSignal(identity: ProcessIdentity, signal: NodeJS.Signals): SignalOutcome {
  // 0 and negative numbers would reach whole groups; 1 is the system's; and we don't end ourselves.
  if (identity.pid <= 1 || identity.pid === process.pid) return 'denied';
  if (!isAlive(identity)) return 'gone';
  try {
    process.kill(identity.pid, signal);
    return 'sent';
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ESRCH') return 'gone';
    if (code === 'EPERM') return 'denied';
    throw error;
  }
}

/** Waits until none of them lives, or until the time is over; returns those that still live. */
export async function waitUntilDead(
  identities: readonly ProcessIdentity[],
  timeoutMs: number,
): Promise<ProcessIdentity[]> {
  const deadline = performance.now() + timeoutMs;
  let left = identities.filter(isAlive);
  for (let pauseMs = 2; left.length > 0; pauseMs = Math.min(pauseMs * 2, 50)) {
    const remainingMs = deadline - performance.now();
    if (remainingMs <= 0) break;
    await delay(Math.min(pauseMs, remainingMs));
    left = left.filter(isAlive);
  }
  return left;
}
