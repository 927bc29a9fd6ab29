import path from 'node:path';
import * as v from 'valibot';
import { HoldfastError } from '../../common/errors.ts';
import { objectSchema } from '../tools/tool.ts';
import type { FileDesk } from './fileDesk.ts';
import { defineFileTool, filePath, reading } from './fileTool.ts';
import { globDirectory, pathTest, splitGlob } from './search/globPattern.ts';
import { tryStat } from './tryStat.ts';
import { listFiles } from './search/listFiles.ts';

const MAX_FILES = 200;
/** More are not put in order. */
const MAX_MATCHES = 20_000;

const input = v.strictObject({ pattern: filePath, path: v.optional(filePath) });

/** Finds files by name. */
export const globTool = defineFileTool({
  name: 'glob',
  title: 'Find files',
  description: `Finds files by a pattern such as "**/*.ts" or "src/**/{a,b}*.json"; a pattern without "/" is about names in any directory. You get up to ${MAX_FILES} paths, the latest changed first, without what .gitignore leaves out.`,
  inputSchema: objectSchema(
    {
      pattern: { type: 'string', minLength: 1, maxLength: 4096 },
      path: {
        type: 'string',
        minLength: 1,
        maxLength: 4096,
        description: 'The directory to look in; the workspace folder unless given.',
      },
    },
    ['pattern'],
  ),
  outputSchema: objectSchema({
    files: { type: 'array', items: { type: 'string' } },
    is_complete: { type: 'boolean' },
  }),
  annotations: reading,
  input,
  run: async (desk, { pattern, path: start }, { signal, approvedPaths }) => {
    const { rest } = splitGlob(pattern);
    const base = desk.locate(globDirectory(pattern, start), approvedPaths);
    requireDirectory(base);
    const matches = pathTest(rest);
    if (matches === undefined || /(^|\/)\.\.(\/|$)/.test(rest)) {
      throw new HoldfastError('input.invalid', `${pattern} is no pattern for files`);
    }
    const found: string[] = [];
    const isComplete = await listFiles(desk, base, signal, (relative) => {
      if (matches(relative)) found.push(path.join(base, relative));
      return found.length < MAX_MATCHES;
    });
    const files = latestFirst(found).map((file) => shownPath(desk, file));
    const shown = files.slice(0, MAX_FILES);
    const isAll = isComplete && shown.length === files.length;
    const note = isAll
      ? []
      : [
          `[${shown.length} of ${isComplete ? '' : 'more than '}${files.length}: narrow the pattern]`,
        ];
    return {
      text: files.length === 0 ? 'No files found.' : [...shown, ...note].join('\n'),
      structured: { files: shown, is_complete: isAll },
    };
  },
});

/** @throws HoldfastError `file.notFound`. */
export function requireDirectory(directory: string): void {
  if (tryStat(directory)?.isDirectory() === true) return;
  throw new HoldfastError('file.notFound', `there is no directory ${directory}`);
}

/** Short where it may be: relative to the workspace's folder. */
export function shownPath({ workspace }: FileDesk, file: string): string {
  const relative = path.relative(workspace.folder, file);
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
}

function latestFirst(files: readonly string[]): string[] {
  return files
    .map((file) => ({ file, mtimeMs: tryStat(file)?.mtimeMs ?? 0 }))
    .sort((a, b) => b.mtimeMs - a.mtimeMs || (a.file < b.file ? -1 : 1))
    .map(({ file }) => file);
}
