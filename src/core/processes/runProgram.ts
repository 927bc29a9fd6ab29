import { execa } from 'execa';
import { systemErrorCode } from '../common/errors.ts';

/** Signals that a terminal or a supervisor sends to us, and that are meant for the program that stands in our place. */
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * Runs a program in our place: our terminal, our descriptors, and its exit code (128 + n for signal n) for ours.
 * Undefined when there is no such program.
 */
export async function runInOurPlace(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number | undefined> {
  const child = execa(program, args, {
    stdio: 'inherit',
    env: environment,
    extendEnv: false,
    reject: false,
    cleanup: false,
  });
  const handlers = PASSED_ON.map((signal) => {
    const pass = (): void => {
      // A terminal sends these two to its whole foreground group, and so to the program already.
      const isOfTerminal = (signal === 'SIGINT' || signal === 'SIGQUIT') && process.stdin.isTTY;
      if (!isOfTerminal) child.kill(signal);
    };
    process.on(signal, pass);
    return { signal, pass };
  });
  const result = await child;
  for (const { signal, pass } of handlers) process.off(signal, pass);
  return systemErrorCode(result.cause) === 'ENOENT' ? undefined : exitCodeOf(result);
}

/** As a shell gives it: 128 + n for signal n. */
export function exitCodeOf(result: {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
}): number {
  if (result.exitCode !== undefined) return result.exitCode;
  return result.signal === undefined ? 1 : 128 + signalNumber(result.signal);
}

/** Runs a program that is done soon and says little. Undefined when there is no such program. */
export async function runQuietly(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly exitCode: number; readonly output: string } | undefined> {
  const result = await execa(program, args, {
    stdin: 'ignore',
    all: true,
    env: environment,
    extendEnv: false,
    reject: false,
    timeout: 30_000,
  });
  if (systemErrorCode(result.cause) === 'ENOENT') return undefined;
  return { exitCode: result.exitCode ?? 1, output: result.all };
}

function signalNumber(name: string): number {
  const numbers: Readonly<Record<string, number>> = {
    SIGHUP: 1,
    SIGINT: 2,
    SIGQUIT: 3,
    SIGKILL: 9,
  };
  return numbers[name] ?? 15;
}
