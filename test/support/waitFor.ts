import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  readonly deadlineMs?: number;
  readonly intervalMs?: number;
  /** What is waited for, in words, for the message when it does not come. */
  readonly describe?: string | (() => string);
}

type Falsy = undefined | null | false | 0 | '';

/**
 * Asks again and again until the condition gives something true, and returns that. The only place in
 * the tests that sleeps. A condition that throws has not come true yet.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { deadlineMs = 10_000, intervalMs = 25, describe = 'the condition' }: WaitOptions = {},
): Promise<Exclude<Awaited<T>, Falsy>> {
  const deadline = performance.now() + deadlineMs;
  let lastError: unknown;
  for (;;) {
    try {
      const value = await condition();
      lastError = undefined;
      if (value) return value as Exclude<Awaited<T>, Falsy>;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() > deadline) break;
    await delay(intervalMs);
  }
  const what = typeof describe === 'string' ? describe : describe();
  throw new Error(`Waited ${String(deadlineMs)} ms in vain for ${what}.`, { cause: lastError });
}
