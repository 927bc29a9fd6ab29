const ABORTED = Symbol('aborted');

/**
 * What an iterable gives until the signal is aborted, however long the iterable would take to notice. Ends then without
 * an error; what was asked for last is dropped.
 */
export async function* untilAborted<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T> {
  if (signal.aborted) return;
  const iterator = source[Symbol.asyncIterator]();
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<typeof ABORTED>((resolve) => {
    onAbort = () => {
      resolve(ABORTED);
    };
    signal.addEventListener('abort', onAbort);
  });
  let isOver = false;
  try {
    for (;;) {
      const next = iterator.next();
      const result = await Promise.race([next, aborted]);
      if (result === ABORTED) {
        // Whatever becomes of it, nobody waits for it any more.
        next.catch(() => undefined);
        return;
      }
      if (result.done === true) {
        isOver = true;
        return;
      }
      yield result.value;
    }
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
    if (!isOver) void iterator.return?.().then(undefined, () => undefined);
  }
}
