import path from 'node:path';
import type { LauncherTarget } from '../../core/store/launcher.ts';

/** This command line, for a launcher where no editor has written one. */
export function launcherTarget(): LauncherTarget {
  return {
    nodeExecutable: process.execPath,
    cliScript: path.resolve(process.argv[1] ?? ''),
  };
}
