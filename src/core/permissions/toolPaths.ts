import path from 'node:path';
import { textArgument, type ToolInput } from './toolInput.ts';

/** Tools that look through whatever lies below a directory. */
const SEARCHING = new Set(['Glob', 'Grep', 'LS']);
const PATH_ARGUMENTS = ['file_path', 'notebook_path', 'path'];
/** `{ts,tsx}`, `{src,test/unit}`: nothing that leads upwards or begins anew, however it is put together. */
const PLAIN_BRACES = /\{[\w*@-][\w*@./-]*(,[\w*@-][\w*@./-]*)*\}/g;

/** The paths that a tool was given; or why nobody can tell them. */
export type ToolPaths =
  { readonly paths: readonly string[] } | { readonly path: string; readonly reason: string };

export function isSearchTool(tool: string): boolean {
  return SEARCHING.has(tool);
}

/** Whether a tool shows what is in all the files below its path, so that a rule about one of them is about the tool. */
export function readsBelow(tool: string): boolean {
  return tool === 'Grep';
}

/** All paths, if a tool is given several arguments that may be one. A tool that searches has the folder when it has none. */
export function toolPathsOf(tool: string, input: ToolInput, folder: string): ToolPaths {
  const given = pathArguments(input);
  if (!isSearchTool(tool)) return { paths: given.length === 0 ? [''] : given };
  const isPatternAlone = tool === 'Glob' && typeof input === 'string';
  const pattern = isPatternAlone ? input : patternArgument(tool, input);
  const starts = isPatternAlone || given.length === 0 ? [folder] : given;
  if (pattern === undefined) return { paths: starts };
  const fixed = pattern.replace(/[^/\\]*[*?[{(!].*$/s, '');
  const rest = pattern.slice(fixed.length).replaceAll(PLAIN_BRACES, '');
  if (/\.\.|[{}\\]/.test(rest)) {
    return { path: pattern, reason: 'nobody can tell where the pattern leads' };
  }
  if (path.isAbsolute(fixed) || fixed === '') return { paths: fixed === '' ? starts : [fixed] };
  return { paths: starts.map((start) => `${start}/${fixed}`) };
}

function pathArguments(input: ToolInput): string[] {
  const found = PATH_ARGUMENTS.flatMap((name) => textArgument(input, name) ?? []);
  return [...new Set(found)];
}

function patternArgument(tool: string, input: ToolInput): string | undefined {
  if (typeof input === 'string') return undefined;
  return textArgument(input, tool === 'Glob' ? 'pattern' : 'glob');
}
