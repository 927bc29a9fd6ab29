import os from 'node:os';
import path from 'node:path';
import { foldCase, isInside, type Places } from './places.ts';

/**
 * Whether a path rule covers a real path. `//abs/**` begins at the root, `~/x` at the home directory, anything else at
 * the workspace's folder. A pattern without a slash is for that name in any directory; one that covers a directory
 * covers what is in it.
 */
export function matchesPath(
  specifier: string,
  realPath: string,
  places: Places,
  options: { anyCase?: boolean } = {},
): boolean {
  const { root, pattern } = anchor(specifier, places.folder);
  if (!isInside(realPath, root)) return false;
  const fold = options.anyCase ? (text: string) => text.toLowerCase() : foldCase;
  const relative = fold(path.relative(root, realPath)).split(path.sep).join('/');
  const isName = !pattern.replace(/\/$/, '').includes('/') && root === places.folder;
  const shape = globToRegExp(fold((isName ? `**/${pattern}` : pattern).replace(/\/$/, '')));
  return shape.test(relative);
}

/** The names that a pattern spells out; a rule for `.vscode/**` is meant for .vscode. */
export function namesInPattern(specifier: string): readonly string[] {
  return specifier.toLowerCase().split(/[\\/]/);
}

function anchor(specifier: string, folder: string): { root: string; pattern: string } {
  const text = path.sep === '\\' ? specifier.replaceAll('\\', '/') : specifier;
  if (text.startsWith('//'))
    return { root: path.parse(folder).root, pattern: normalize(text.slice(2)) };
  if (text.startsWith('~/')) return { root: os.homedir(), pattern: normalize(text.slice(2)) };
  return { root: folder, pattern: normalize(text.replace(/^\.?\//, '')) };
}

/** `a/../b` in a rule is `b`; one that leaves its root covers nothing. */
function normalize(pattern: string): string {
  return path.posix.normalize(pattern);
}

/** `**` is any number of directories, `*` and `?` stay within a name. */
function globToRegExp(glob: string): RegExp {
  const source = glob.replaceAll(/\*\*\/|\*\*|\*|\?|[\\^$.+()[\]{}|]/g, (piece) => {
    if (piece === '**/') return '(?:[^/]+/)*';
    if (piece === '**') return '.*';
    if (piece === '*') return '[^/]*';
    return piece === '?' ? '[^/]' : `\\${piece}`;
  });
  return new RegExp(`^${source}(?:/.*)?$`, 's');
}
