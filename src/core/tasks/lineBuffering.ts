import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/**
 * What a command is wrapped in so that the C library of it, and of what it starts, writes line by line (stdbuf(1));
 * nothing where that is not installed.
 */
export function lineBufferingWrapper(environment: NodeJS.ProcessEnv): string[] {
  if (process.platform === 'win32') return [];
  const directories = (environment['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  const isThere = directories.some((directory) => isExecutable(path.join(directory, 'stdbuf')));
  return isThere ? ['stdbuf', '-oL', '-eL'] : [];
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
