import { execa } from 'execa';
import { systemErrorCode } from '../common/errors.ts';

export interface LinesRequest {
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Gets each line of standard output; false: that is enough, and the program is ended. */
  readonly onLine: (line: string) => boolean;
}

export interface LinesEnd {
  /** Undefined when it was ended by us. */
  readonly exitCode: number | undefined;
  readonly isTimedOut: boolean;
  readonly errorText: string;
}

const MAX_ERROR_CHARS = 10_000;

/**
 * Runs a program for the lines it prints, without keeping them. Undefined when there is no such program.
 * @throws what aborted the signal.
 */
export async function runForLines(
  program: string,
  args: readonly string[],
  request: LinesRequest,
): Promise<LinesEnd | undefined> {
  const { cwd, environment, signal, timeoutMs, onLine } = request;
  signal.throwIfAborted();
  const child = execa(program, args, {
    cwd,
    env: environment,
    extendEnv: false,
    stdin: 'ignore',
    buffer: { stdout: false },
    maxBuffer: MAX_ERROR_CHARS,
    reject: false,
    timeout: timeoutMs,
    cancelSignal: signal,
  });
  let isEnough = false;
  for await (const line of child.iterable()) {
    if (isEnough || onLine(line)) continue;
    isEnough = true;
    child.kill('SIGKILL');
  }
  const result = await child;
  signal.throwIfAborted();
  if (systemErrorCode(result.cause) === 'ENOENT') return undefined;
  return {
    exitCode: result.exitCode,
    isTimedOut: result.timedOut,
    errorText: result.stderr,
  };
}
