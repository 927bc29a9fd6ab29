import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { createContext, Script, type Context } from 'node:vm';
import { HoldfastError } from '../../../common/errors.ts';
import { splitLines } from '../numberedLines.ts';
import { decodeText } from '../textFile.ts';
import { pathTest } from './globPattern.ts';
import type { GrepRequest } from './grepRequest.ts';
import type { OnHit, SearchPlace } from './searchPlace.ts';
import { walkFiles } from './walkFiles.ts';

const MAX_FILE_BYTES = 8 * 1024 * 1024;
/** An expression can take longer than the world lasts. */
const FILE_TIMEOUT_MS = 2000;

/** The numbers of the lines that match, from 0. */
type LineSearch = (text: string, lines: readonly string[]) => readonly number[];

/**
 * Searches in this process, where there is no ripgrep; says whether everything was searched.
 * @throws HoldfastError `input.invalid` for a pattern that is none, or takes too long.
 */
export async function grepByWalking(
  request: GrepRequest,
  place: SearchPlace,
  onHit: OnHit,
): Promise<boolean> {
  const search = compileSearch(request);
  const isWanted = request.glob === undefined ? () => true : pathTest(request.glob);
  for await (const file of filesOf(place)) {
    if (isWanted?.(file) !== true) continue;
    const text = tryReadText(path.join(place.directory, file));
    if (text === undefined) continue;
    const lines = splitLines(text);
    const matching = search(text, lines);
    if (matching.length > 0 && !report(request, { file, lines, matching }, onHit)) return false;
  }
  return true;
}

async function* filesOf({ directory, name, root, signal }: SearchPlace): AsyncGenerator<string> {
  if (name === undefined) yield* walkFiles(directory, root, signal);
  else yield name;
}

interface Found {
  readonly file: string;
  readonly lines: readonly string[];
  readonly matching: readonly number[];
}

function report({ mode, before, after }: GrepRequest, found: Found, onHit: OnHit): boolean {
  const { file, lines, matching } = found;
  if (mode === 'files_with_matches') return onHit({ kind: 'file', file });
  if (mode === 'count') return onHit({ kind: 'count', file, count: matching.length });
  const matches = new Set(matching);
  let shownTo = -1;
  for (const number of matching) {
    const start = Math.max(shownTo + 1, number - before);
    if (shownTo >= 0 && start > shownTo + 1 && before + after > 0 && !onHit({ kind: 'gap' })) {
      return false;
    }
    for (let at = start; at <= Math.min(number + after, lines.length - 1); at += 1) {
      const text = lines[at] ?? '';
      if (!onHit({ kind: 'line', file, line: at + 1, isMatch: matches.has(at), text }))
        return false;
      shownTo = at;
    }
  }
  return true;
}

function compileSearch({ pattern, ignoresCase, isMultiline }: GrepRequest): LineSearch {
  const expression = compile(pattern, `${ignoresCase ? 'i' : ''}${isMultiline ? 'gms' : ''}`);
  const context: Context = createContext({ expression, text: '', lines: [] });
  const script = new Script(
    isMultiline
      ? 'Array.from(text.matchAll(expression), (match) => [match.index, match.index + match[0].length])'
      : 'lines.flatMap((line, number) => (expression.test(line) ? [number] : []))',
  );
  return (text, lines) => {
    context['text'] = text;
    context['lines'] = lines;
    try {
      const found = script.runInContext(context, { timeout: FILE_TIMEOUT_MS }) as unknown;
      return isMultiline ? linesOfSpans(text, found as [number, number][]) : (found as number[]);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('timed out')) throw error;
      throw new HoldfastError('input.invalid', 'the pattern takes too long: use a simpler one');
    }
  };
}

function compile(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, `${flags}u`);
  } catch {
    try {
      // Escapes that the stricter grammar refuses are common in what people write.
      return new RegExp(pattern, flags);
    } catch (error) {
      const reason = error instanceof Error ? error.message : '';
      throw new HoldfastError('input.invalid', `pattern is no regular expression (${reason})`);
    }
  }
}

function linesOfSpans(text: string, spans: readonly (readonly [number, number])[]): number[] {
  const numbers = new Set<number>();
  let offset = 0;
  let line = 0;
  for (const [start, end] of spans) {
    for (; offset < start; offset += 1) if (text[offset] === '\n') line += 1;
    numbers.add(line);
    let last = line;
    for (let at = start; at < end - 1; at += 1) {
      if (text[at] === '\n') numbers.add((last += 1));
    }
  }
  return [...numbers];
}

function tryReadText(file: string): string | undefined {
  try {
    const stat = statSync(file);
    if (!stat.isFile() || stat.size > MAX_FILE_BYTES) return undefined;
    return decodeText(readFileSync(file))?.text;
  } catch {
    return undefined;
  }
}
