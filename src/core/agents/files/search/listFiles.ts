import { runForLines } from '../../../processes/programLines.ts';
import type { FileDesk } from '../fileDesk.ts';
import { walkFiles } from './walkFiles.ts';

const TIMEOUT_MS = 30_000;

/** What every call of ripgrep begins with: hidden files too, no one's own configuration, .gitignore without a repository. */
export const RIPGREP_OPTIONS = [
  '--no-config',
  '--hidden',
  '--no-require-git',
  '--glob=!.git',
  '--glob=!.hg',
  '--glob=!.svn',
  '--color=never',
] as const;

/**
 * Calls back for each file below a directory, by its path relative to it, until that is enough.
 * @returns whether all were seen.
 */
export async function listFiles(
  desk: FileDesk,
  directory: string,
  signal: AbortSignal,
  onFile: (relative: string) => boolean,
): Promise<boolean> {
  const progress = { isEnough: false };
  if (desk.ripgrep !== undefined) {
    const onLine = (line: string): boolean => {
      progress.isEnough = !onFile(line.replaceAll('\\', '/').replace(/^\.\//, ''));
      return !progress.isEnough;
    };
    const { environment } = desk;
    const request = { cwd: directory, environment, signal, timeoutMs: TIMEOUT_MS, onLine };
    const end = await runForLines(desk.ripgrep, ['--files', ...RIPGREP_OPTIONS], request);
    if (end !== undefined) return !progress.isEnough && !end.isTimedOut;
  }
  for await (const relative of walkFiles(directory, desk.workspace.folder, signal)) {
    if (!onFile(relative)) return false;
  }
  return true;
}
