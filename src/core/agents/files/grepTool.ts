import path from 'node:path';
import { objectSchema, type ToolResult } from '../tools/tool.ts';
import { notText, type FileDesk } from './fileDesk.ts';
import { defineFileTool, fileNotFound, reading } from './fileTool.ts';
import { shownPath } from './globTool.ts';
import { cutLine } from './numberedLines.ts';
import { grepByRipgrep } from './search/grepByRipgrep.ts';
import { grepByWalking } from './search/grepByWalking.ts';
import { DEFAULT_HEAD, grepInput, grepInputSchema, requestOf } from './search/grepRequest.ts';
import type { Hit, OnHit, SearchPlace } from './search/searchPlace.ts';
import { tryStat } from './tryStat.ts';

const MAX_CHARS = 40_000;
const MAX_SHOWN_LINE = 500;

/** Searches the text of files. */
export const grepTool = defineFileTool({
  name: 'grep',
  title: 'Search in files',
  description:
    'Searches files for a regular expression. By default you get the lines that match as path:line:text, without files that .gitignore leaves out and without binary ones. Unsaved changes in the editor are not searched.',
  inputSchema: grepInputSchema,
  outputSchema: objectSchema({
    lines: { type: 'array', items: { type: 'string' } },
    is_complete: { type: 'boolean' },
  }),
  annotations: reading,
  input: grepInput,
  run: async (desk, input, { signal, approvedPaths }) => {
    const realPath = desk.locate(input.path ?? '.', approvedPaths);
    const stat = tryStat(realPath);
    if (stat === undefined) throw fileNotFound(realPath);
    // To open a pipe is to wait for whoever writes into it.
    if (!stat.isDirectory() && !stat.isFile()) throw notText(realPath);
    const place: SearchPlace = {
      directory: stat.isDirectory() ? realPath : path.dirname(realPath),
      name: stat.isDirectory() ? undefined : path.basename(realPath),
      root: desk.workspace.folder,
      environment: desk.environment,
      signal,
    };
    const collected = new Collected(desk, place, {
      limit: input.head_limit ?? DEFAULT_HEAD,
      hasNumbers: input['-n'] ?? true,
    });
    const request = requestOf(input);
    const isComplete =
      (desk.ripgrep === undefined
        ? undefined
        : await grepByRipgrep(desk.ripgrep, request, place, collected.take)) ??
      (await grepByWalking(request, place, collected.take));
    return collected.result(isComplete);
  },
});

class Collected {
  readonly #desk: FileDesk;
  readonly #place: SearchPlace;
  readonly #limit: number;
  readonly #hasNumbers: boolean;
  readonly #lines: string[] = [];
  #chars = 0;

  constructor(
    desk: FileDesk,
    place: SearchPlace,
    { limit, hasNumbers }: { limit: number; hasNumbers: boolean },
  ) {
    this.#desk = desk;
    this.#place = place;
    this.#limit = limit;
    this.#hasNumbers = hasNumbers;
  }

  readonly take: OnHit = (hit) => {
    const line = this.#show(hit);
    if (this.#lines.length >= this.#limit || this.#chars + line.length > MAX_CHARS) return false;
    this.#lines.push(line);
    this.#chars += line.length + 1;
    return true;
  };

  result(isComplete: boolean): ToolResult {
    const lines = this.#lines;
    const note = isComplete ? [] : ['[There is more: narrow the search, or raise head_limit]'];
    return {
      text: lines.length === 0 ? 'Nothing found.' : [...lines, ...note].join('\n'),
      structured: { lines, is_complete: isComplete },
    };
  }

  #show(hit: Hit): string {
    if (hit.kind === 'gap') return '--';
    const file = shownPath(this.#desk, path.join(this.#place.directory, hit.file));
    if (hit.kind === 'file') return file;
    if (hit.kind === 'count') return `${file}:${hit.count}`;
    const mark = hit.isMatch ? ':' : '-';
    const number = this.#hasNumbers ? `${hit.line}${mark}` : '';
    return `${file}${mark}${number}${cutLine(hit.text, MAX_SHOWN_LINE)}`;
  }
}
