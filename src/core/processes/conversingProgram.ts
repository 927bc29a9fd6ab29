import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { systemErrorCode } from '../common/errors.ts';
import { exitCodeOf } from './runProgram.ts';

/** A program that is talked with line by line; what it writes to stderr goes to ours. */
export interface ConversingProgram {
  /** To its stdin; what comes after its end is lost. */
  write(line: string): void;
  endInput(): void;
  kill(signal: NodeJS.Signals): void;
  /** Its exit code, as a shell gives it, when it has ended and all it said was heard; undefined: there is none. */
  readonly ended: Promise<number | undefined>;
}

/** Starts a program and hands every line of its stdout to `onLine`. It ends when its stdin is closed, so with us. */
export function startConversing(
  program: string,
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly environment: NodeJS.ProcessEnv;
    readonly onLine: (line: string) => void;
  },
): ConversingProgram {
  const child = execa(program, args, {
    cwd: options.cwd,
    env: options.environment,
    extendEnv: false,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
    buffer: false,
    reject: false,
    cleanup: false,
  });
  // Its end is told by `ended`; a write that comes too late is no failure.
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout, crlfDelay: Infinity });
  lines.on('line', options.onLine);
  const heard = new Promise<void>((resolve) => lines.once('close', resolve));
  const end = async (): Promise<number | undefined> => {
    const result = await child;
    await heard;
    return systemErrorCode(result.cause) === 'ENOENT' ? undefined : exitCodeOf(result);
  };
  return {
    write: (line) => {
      child.stdin.write(line);
    },
    endInput: () => {
      child.stdin.end();
    },
    kill: (signal) => {
      child.kill(signal);
    },
    ended: end(),
  };
}
