import { HoldfastError } from '../../../common/errors.ts';
import { runForLines } from '../../../processes/programLines.ts';
import { MAX_LINE_CHARS } from '../numberedLines.ts';
import type { GrepRequest } from './grepRequest.ts';
import { RIPGREP_OPTIONS } from './listFiles.ts';
import type { OnHit, SearchPlace } from './searchPlace.ts';

const TIMEOUT_MS = 30_000;
/** Lines of rg(1) with --null: the path ends with NUL, the number with ":" (a match) or "-" (context). */
const NUMBERED = /^(\d+)([:-])(.*)$/s;

/**
 * Searches with ripgrep. Undefined when it is not there; else whether everything was searched.
 * @throws HoldfastError `input.invalid` for a pattern that is none.
 */
export async function grepByRipgrep(
  program: string,
  request: GrepRequest,
  { directory, name, environment, signal }: SearchPlace,
  onHit: OnHit,
): Promise<boolean | undefined> {
  const progress = { isEnough: false, count: 0 };
  const onLine = (line: string): boolean => {
    progress.count += 1;
    progress.isEnough = !takeLine(line, request.mode, onHit);
    return !progress.isEnough;
  };
  const args = [...argumentsOf(request), '--', name ?? './'];
  const end = await runForLines(program, args, {
    cwd: directory,
    environment,
    signal,
    timeoutMs: TIMEOUT_MS,
    onLine,
  });
  if (end === undefined) return undefined;
  if (end.exitCode === 2 && progress.count === 0) {
    throw new HoldfastError('input.invalid', `the search failed: ${end.errorText.trim()}`);
  }
  return !progress.isEnough && !end.isTimedOut;
}

function argumentsOf(request: GrepRequest): string[] {
  const { mode, glob, before, after } = request;
  return [
    ...RIPGREP_OPTIONS,
    '--null',
    '--with-filename',
    ...(mode === 'files_with_matches' ? ['--files-with-matches'] : []),
    ...(mode === 'count' ? ['--count'] : []),
    ...(mode === 'content'
      ? [
          '--no-heading',
          '--line-number',
          `--max-columns=${MAX_LINE_CHARS}`,
          '--max-columns-preview',
          `--before-context=${before}`,
          `--after-context=${after}`,
        ]
      : []),
    ...(request.ignoresCase ? ['--ignore-case'] : []),
    ...(request.isMultiline ? ['--multiline', '--multiline-dotall'] : []),
    ...(glob === undefined ? [] : [`--glob=${glob}`]),
    `--regexp=${request.pattern}`,
  ];
}

function takeLine(line: string, mode: GrepRequest['mode'], onHit: OnHit): boolean {
  if (mode === 'files_with_matches') {
    return line
      .split('\0')
      .filter((file) => file !== '')
      .every((file) => onHit({ kind: 'file', file: cleanPath(file) }));
  }
  if (line === '--') return onHit({ kind: 'gap' });
  const end = line.indexOf('\0');
  const file = cleanPath(line.slice(0, end));
  const rest = line.slice(end + 1);
  if (mode === 'count') return onHit({ kind: 'count', file, count: Number(rest) });
  const [, number = '0', mark, text = rest] = NUMBERED.exec(rest) ?? [];
  return onHit({ kind: 'line', file, line: Number(number), isMatch: mark === ':', text });
}

function cleanPath(file: string): string {
  return file.replaceAll('\\', '/').replace(/^\.\//, '');
}
