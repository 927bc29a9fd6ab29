import path from 'node:path';
import { isProgram } from '../processes/isProgram.ts';

/**
 * What a command is wrapped in so that the C library of it, and of what it starts, writes line by line (stdbuf(1));
 * nothing where that is not installed.
 */
export function lineBufferingWrapper(environment: NodeJS.ProcessEnv): string[] {
  if (process.platform === 'win32') return [];
  const directories = (environment['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  const isThere = directories.some((directory) => isProgram(path.join(directory, 'stdbuf')));
  return isThere ? ['stdbuf', '-oL', '-eL'] : [];
}
