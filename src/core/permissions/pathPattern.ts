import os from 'node:os';
import path from 'node:path';
import { foldCase, isInside, type Places } from './places.ts';
import { mayMeet, shapeOfText, type PathShape } from './pathShape.ts';
import { realPathsOf } from './realPaths.ts';

interface MatchOptions {
  /** Whatever the case, and behind links too: rather too much than too little. */
  readonly isDenial?: boolean;
  /** For tools that look at what lies in a directory: `src/**` covers src itself as well. */
  readonly isSearch?: boolean;
}

/** A rule's pattern, and the directory that it is relative to. */
interface Anchor {
  readonly root: string;
  readonly pattern: string;
}

/**
 * Whether a path rule covers a real path. `//abs/**` begins at the root, `~/x` at the home directory, anything else at
 * the workspace's folder. A pattern without a slash is for that name in any directory; one that covers a directory
 * covers what is in it.
 */
export function matchesPath(
  specifier: string,
  realPath: string,
  places: Places,
  options: MatchOptions = {},
): boolean {
  const written = anchor(specifier, places);
  const anchors = options.isDenial ? [written, ...realAnchor(written)] : [written];
  return anchors.some((each) => matchesBelow(each, realPath, options));
}

function matchesBelow({ root, pattern }: Anchor, realPath: string, options: MatchOptions): boolean {
  if (!isInside(realPath, root)) return false;
  const fold = options.isDenial ? (text: string) => text.toLowerCase() : foldCase;
  const relative = fold(path.relative(root, realPath)).split(path.sep).join('/');
  const shape = globToRegExp(fold(pattern));
  return shape.test(relative) || (options.isSearch === true && shape.test(`${relative}/`));
}

/** Whether a denial may be about one of the paths of a shape. Says yes when in doubt. */
export function mayMeanShape(specifier: string, shape: PathShape, places: Places): boolean {
  const written = anchor(specifier, places);
  return [written, ...realAnchor(written)].some(({ root, pattern }) => {
    const start = shapeOfText(root.split(path.sep).join('/').replace(/\/$/, ''));
    const meant = [...start, ...shapeOfPattern(`/${pattern}`)];
    if (mayMeet(shape, meant)) return true;
    // A directory that somebody calls `.env` is none that a variable leads to.
    const isFile = shape[0] === 'ANY' && /\.[^/]*$/.test(pattern);
    return !isFile && mayMeet(shape, [...meant, '/', 'ANY']);
  });
}

function shapeOfPattern(glob: string): string[] {
  return glob
    .toLowerCase()
    .split(/(\/\*\*\/|\*\*|\*|\?)/)
    .flatMap((piece) => {
      if (piece === '/**/') return ['ANY', '/'];
      if (piece === '**') return ['ANY'];
      if (piece === '*') return ['NAME'];
      return piece === '?' ? ['ONE'] : Array.from(piece);
    });
}

/** Whether a pattern may be about something in a directory. Says yes when in doubt. */
export function mayLieBelow(specifier: string, directory: string, places: Places): boolean {
  const written = anchor(specifier, places);
  return [written, ...realAnchor(written)].some(({ root, pattern }) => {
    const start = path.join(root, fixedPartOf(pattern)).toLowerCase();
    const searched = directory.toLowerCase();
    return isInside(start, searched) || isInside(searched, start);
  });
}

/** The names that a pattern spells out; a rule for `.vscode/**` is meant for .vscode. */
export function namesInPattern(specifier: string): readonly string[] {
  return specifier.toLowerCase().split(/[\\/]/);
}

function anchor(specifier: string, { folder }: Places): Anchor {
  const text = path.sep === '\\' ? specifier.replaceAll('\\', '/') : specifier;
  if (text.startsWith('//')) {
    return { root: path.parse(folder).root, pattern: normalize(text.slice(2)) };
  }
  if (text.startsWith('~/')) return { root: os.homedir(), pattern: normalize(text.slice(2)) };
  const pattern = normalize(text.replace(/^\.?\//, ''));
  return { root: folder, pattern: /^\*\*$|\//.test(pattern) ? pattern : `**/${pattern}` };
}

/** Where the rule leads by its links: who denies what lies behind one means it by its other name as well. */
function realAnchor({ root, pattern }: Anchor): Anchor[] {
  const fixed = fixedPartOf(pattern);
  const rest = pattern.slice(fixed.length).replace(/^\//, '') || '**';
  const realRoots = realPathsOf(path.join(root, fixed), root) ?? [];
  return realRoots.map((realRoot) => ({ root: realRoot, pattern: rest }));
}

/** The directories that a pattern spells out, or all of it. */
function fixedPartOf(pattern: string): string {
  return pattern.replace(/[^/]*[*?].*$/s, '').replace(/\/$/, '');
}

/** `a/../b` in a rule is `b`, `.` is all that lies there; one that leaves its root covers nothing. */
function normalize(pattern: string): string {
  const normal = path.posix.normalize(pattern).replace(/\/$/, '');
  return normal === '.' || normal === '' ? '**' : normal;
}

/** `**` is any number of directories, `*` and `?` stay within a name. */
function globToRegExp(glob: string): RegExp {
  const source = glob
    .replaceAll(/(?:\*\*\/)+/g, '**/')
    .replaceAll(/\*\*\/|\*\*|\*|\?|[\\^$.+()[\]{}|]/g, (piece) => {
      if (piece === '**/') return '(?:[^/]+/)*';
      if (piece === '**') return '.*';
      if (piece === '*') return '[^/]*';
      return piece === '?' ? '[^/]' : `\\${piece}`;
    });
  return new RegExp(`^${source}(?:/.*)?$`, 's');
}
