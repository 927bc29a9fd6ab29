import { homedir } from 'node:os';
import path from 'node:path';
import { HoldfastError } from '../../../common/errors.ts';
import { isProgram } from '../../../processes/isProgram.ts';

/** Where installers put it; an editor that was not started from a terminal often has none of these on its `PATH`. */
function usualDirectories(home: string): string[] {
  return [
    path.join(home, '.local', 'bin'),
    path.join(home, '.claude', 'local'),
    path.join(home, '.npm-global', 'bin'),
    path.join(home, '.bun', 'bin'),
    '/usr/local/bin',
    '/opt/homebrew/bin',
  ];
}

/**
 * A `PATH` on which there is `claude`: the one that is given, or that with the directory where it is.
 * @throws HoldfastError `claude.notInstalled`.
 */
export function pathWithClaude(environment: NodeJS.ProcessEnv): string {
  const given = environment['PATH'] ?? '';
  const has = (directory: string): boolean =>
    programNames.some((name) => isProgram(path.join(directory, name)));
  if (given.split(path.delimiter).some((directory) => directory !== '' && has(directory))) {
    return given;
  }
  const found = usualDirectories(environment['HOME'] ?? homedir()).find(has);
  if (found !== undefined) return `${given}${given === '' ? '' : path.delimiter}${found}`;
  throw new HoldfastError('claude.notInstalled', 'there is no `claude`');
}

const programNames =
  process.platform === 'win32' ? ['claude.exe', 'claude.cmd', 'claude.bat'] : ['claude'];
