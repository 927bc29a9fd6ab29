import path from 'node:path';
import { HoldfastError } from '../common/errors.ts';

/** Shells that take `-c LINE` and are a sensible choice for a line that a user or an agent wrote. */
const KNOWN_SHELLS = new Set(['sh', 'bash', 'zsh', 'dash', 'ksh', 'fish', 'ash']);

/** What to run: one shell line, or the words of an argv that reach the program unchanged. */
export type TaskCommand =
  | { readonly kind: 'line'; readonly line: string }
  | {
      readonly kind: 'argv';
      readonly argv: readonly string[];
      /** How it is shown, when that is something else than its words. */
      readonly text?: string;
    };

/** One argument is a shell line; several are an argv. */
export function commandFromArguments(words: readonly string[]): TaskCommand {
  const [first] = words;
  return words.length === 1 && first !== undefined
    ? { kind: 'line', line: first }
    : { kind: 'argv', argv: words };
}

/**
 * What is executed, and how it is shown.
 * @throws HoldfastError `task.commandEmpty`, `input.invalid` for a NUL byte, which no program can be given.
 */
export function resolveCommand(
  command: TaskCommand,
  shell: string,
  platform: NodeJS.Platform = process.platform,
): { argv: string[]; text: string } {
  const text =
    command.kind === 'line'
      ? command.line.trim()
      : (command.text ?? command.argv.map(quoteWord).join(' '));
  const isEmpty = command.kind === 'line' ? text === '' : !command.argv[0];
  if (isEmpty) throw new HoldfastError('task.commandEmpty', 'there is no command to run');
  if (text.includes('\0')) {
    throw new HoldfastError('input.invalid', 'a command cannot contain a NUL byte');
  }
  if (command.kind === 'argv') return { argv: [...command.argv], text };
  if (platform !== 'win32') return { argv: [shell, '-c', command.line], text };
  return { argv: [shell, '/d', '/s', '/c', command.line], text };
}

/** The shell for lines: the one configured, else the user's own where it is a known one, else the system's. */
export function defaultShell(environment: NodeJS.ProcessEnv, setting?: string): string {
  if (setting) return setting;
  if (process.platform === 'win32') return environment['ComSpec'] ?? 'cmd.exe';
  const own = environment['SHELL'];
  return own && KNOWN_SHELLS.has(path.basename(own)) ? own : '/bin/sh';
}

function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
