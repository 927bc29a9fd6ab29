import type { Command, CommanderError } from 'commander';
import type { FailureJson } from './failure.ts';

/** A call of the command line: all that can be said about arguments which could not be understood. */
export interface Call {
  readonly program: Command;
  readonly args: readonly string[];
}

/** What other programs call a command of ours. */
const habits = new Map([
  ...['list', 'ls', 'ps', 'status', 'jobs', 'bashes'].map((word) => [word, 'tasks'] as const),
  ...['log', 'logs', 'tail', 'cat', 'show'].map((word) => [word, 'output'] as const),
  ...['stop', 'end', 'terminate'].map((word) => [word, 'kill'] as const),
  ...['start', 'exec'].map((word) => [word, 'run'] as const),
  ['wait', 'output --follow'] as const,
  ['rm', 'remove'] as const,
  ['input', 'send'] as const,
  ['export', 'sessions export'] as const,
]);

/** Says what was wrong with a call, and which help is about it. */
export function describeUsage(error: CommanderError, call?: Call): FailureJson {
  const { name, command, word } = commandOf(call);
  const isGroup = command !== undefined && command.commands.length > 0;
  const isUnknown =
    // `help nonsense` is refused by printing the help.
    error.code === 'commander.help' || (error.code === 'commander.excessArguments' && isGroup);
  const message =
    isUnknown && word !== undefined
      ? `unknown command '${word}'`
      : error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  const meant = error.code === 'commander.unknownCommand' ? habits.get(word ?? '') : undefined;
  const help = `\`${name} --help\` ${isUnknown ? 'lists what there is' : 'shows how to use it'}.`;
  const hint = meant === undefined ? help : `\`holdfast ${meant}\` may be what you mean; ${help}`;
  return { code: 'usage', message, hint };
}

/** The command that the arguments name, as one types it, and the first word behind that is no option. */
function commandOf(call: Call | undefined): {
  name: string;
  command: Command | undefined;
  word: string | undefined;
} {
  let name = 'holdfast';
  let command = call?.program;
  for (const word of call?.args ?? []) {
    if (word === '--') break;
    if (word.startsWith('-') || (command === call?.program && word === 'help')) continue;
    const next = command?.commands.find((each) => each.name() === word);
    if (next === undefined) return { name, command, word };
    command = next;
    name += ` ${word}`;
  }
  return { name, command, word: undefined };
}
