import { CommanderError } from 'commander';
import { HoldfastError } from '../core/common/errors.ts';
import { userMessageFor } from '../core/common/userMessage.ts';
import { isBrokenPipe } from './stdio.ts';
import { describeUsage, type Call } from './usage.ts';

export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
/** What a shell gives for a program that SIGPIPE ended. */
const EXIT_BROKEN_PIPE = 141;

/** One failure as `--json` gives it. */
export interface FailureJson {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** The one place that says on stderr what went wrong; gives the exit status. */
export function reportFailure(error: unknown, isJson: boolean, call?: Call): number {
  if (isBrokenPipe(error)) return EXIT_BROKEN_PIPE;
  // --help and --version end this way too.
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const failure = describeFailure(error, call);
  process.stderr.write(isJson ? `${JSON.stringify({ error: failure })}\n` : inWords(failure));
  if (process.env['HOLDFAST_DEBUG'] && error instanceof Error) {
    process.stderr.write(`${error.stack ?? ''}\n`);
  }
  return isUsage(error) ? EXIT_USAGE : EXIT_FAILED;
}

export function describeFailure(error: unknown, call?: Call): FailureJson {
  if (error instanceof CommanderError) return describeUsage(error, call);
  const { message, hint } = userMessageFor(error);
  if (HoldfastError.is(error)) {
    return { code: error.code, message, ...(hint === undefined ? {} : { hint }) };
  }
  return {
    code: 'unexpected',
    message: `${message} (${String(error)})`,
    hint: hint ?? 'HOLDFAST_DEBUG=1 shows where.',
  };
}

export function inWords({ message, hint }: FailureJson): string {
  return withoutControls(`holdfast: ${message}\n${hint === undefined ? '' : `  ${hint}\n`}`);
}

/** A failure quotes names that others may have chosen, which must not steer the terminal. */
function withoutControls(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n]/gu, '');
}

function isUsage(error: unknown): boolean {
  return (
    error instanceof CommanderError ||
    HoldfastError.is(error, 'input.invalid') ||
    HoldfastError.is(error, 'session.idInvalid') ||
    HoldfastError.is(error, 'task.commandEmpty')
  );
}
