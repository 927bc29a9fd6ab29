import { systemErrorCode } from '../core/common/errors.ts';

/**
 * Writes to stdout and waits until the system has taken it, so that a slow reader holds us up instead of filling our
 * memory. @throws the stream's error; see {@link isBrokenPipe}.
 */
export function writeOut(data: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(data, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Writes to stdout at once, whatever comes after; for a log, which is a file. */
export function writeOutNow(text: string): void {
  process.stdout.write(text);
}

export function writeLine(line: string): Promise<void> {
  return writeOut(`${line}\n`);
}

/** What scripts read: one object or array, on one line. */
export function writeJson(value: unknown): Promise<void> {
  return writeLine(JSON.stringify(value));
}

/** What a person should know and a script must not read: to stderr, with our name. */
export function tell(message: string): void {
  process.stderr.write(`holdfast: ${message}\n`);
}

/** Whoever read our output has gone (`holdfast output bash_1 | head`): nothing to complain about. */
export function isBrokenPipe(error: unknown): boolean {
  const code = systemErrorCode(error);
  return code === 'EPIPE' || code === 'ECONNRESET' || code === 'ERR_STREAM_DESTROYED';
}

/** Each write has its own callback; without a listener the same error would be thrown besides. */
export function quietenStreams(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
