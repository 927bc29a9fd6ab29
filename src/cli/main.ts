import { EXIT_USAGE, reportFailure } from './failure.ts';
import { createProgram } from './program.ts';
import { translateFlags } from './sessions/translateFlags.ts';
import { quietenStreams } from './stdio.ts';
import type { Call } from './usage.ts';

/** The command line's entry. Sets the exit status and lets the process end by itself, so that no output is cut off. */
async function main(args: readonly string[]): Promise<void> {
  quietenStreams();
  let isJson = mayAskForJson(args);
  let call: Call | undefined;
  try {
    const program = await createProgram(args);
    call = { program, args };
    if (args.length === 0) {
      program.outputHelp({ error: true });
      process.exitCode = EXIT_USAGE;
      return;
    }
    program.hook('preAction', (_program, command) => {
      isJson = command.optsWithGlobals()['json'] === true;
    });
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = reportFailure(error, isJson, call);
  }
}

/** For arguments that could not be understood. What stands after `--` is not ours. */
function mayAskForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? undefined : end).includes('--json');
}

void main(translateFlags(process.argv.slice(2)));
