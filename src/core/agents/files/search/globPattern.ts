import path from 'node:path';

/**
 * A glob as a regular expression for whole paths with "/": `*` and `?` within a name, `**` across directories,
 * `[a-z]`, `{ts,tsx}`. Undefined for one that makes no sense.
 */
export function globToRegExp(glob: string): RegExp | undefined {
  try {
    return new RegExp(`^${translate(glob)}$`, 'su');
  } catch {
    return undefined;
  }
}

/** Tests paths relative to a directory; a glob without "/" is about names at any depth. */
export function pathTest(glob: string): ((relativePath: string) => boolean) | undefined {
  const plain = glob.replace(/^\.?\//, '');
  const expression = globToRegExp(plain.includes('/') ? plain : `**/${plain}`);
  return expression && ((relativePath) => expression.test(relativePath));
}

/** The directories that a glob begins with, where nothing is left open. */
export function splitGlob(glob: string): { readonly directory: string; readonly rest: string } {
  const fixed = glob.replace(/[*?[{(!].*$/s, '');
  const end = fixed.length === glob.length ? glob.lastIndexOf('/') : fixed.lastIndexOf('/');
  return { directory: glob.slice(0, end + 1), rest: glob.slice(end + 1) };
}

/** The directory that a glob is looked for in; an absolute glob says where, whatever the start. */
export function globDirectory(glob: string, start = '.'): string {
  const { directory } = splitGlob(glob);
  return path.isAbsolute(directory) ? directory : `${start}/${directory}`;
}

function translate(glob: string): string {
  let result = '';
  let depth = 0;
  for (let at = 0; at < glob.length;) {
    const { text, length } = translateAt(glob, at, depth);
    if (glob[at] === '{') depth += 1;
    else if (glob[at] === '}' && depth > 0) depth -= 1;
    result += text;
    at += length;
  }
  return result;
}

interface Translated {
  readonly text: string;
  readonly length: number;
}

function translateAt(glob: string, at: number, depth: number): Translated {
  const rest = glob.slice(at);
  const isNameStart = at === 0 || '/{,'.includes(glob.charAt(at - 1));
  if (isNameStart && rest.startsWith('**/')) return { text: '(?:[^/]+/)*', length: 3 };
  if (rest.startsWith('**')) return { text: '.*', length: 2 };
  const set = /^\[(!|\^)?(\]?[^\]]*)\]/.exec(rest);
  if (set !== null) {
    const [whole, negation, members = ''] = set;
    const escaped = members.replaceAll(/[\\[\]^&~]/g, String.raw`\$&`);
    return { text: `(?!/)[${negation === undefined ? '' : '^'}${escaped}]`, length: whole.length };
  }
  const character = rest.charAt(0);
  if (character === '\\' && rest.length > 1) return { text: escapeText(rest.charAt(1)), length: 2 };
  if (character === '*') return { text: '[^/]*', length: 1 };
  if (character === '?') return { text: '[^/]', length: 1 };
  if (character === '{') return { text: '(?:', length: 1 };
  if (character === '}' && depth > 0) return { text: ')', length: 1 };
  if (character === ',' && depth > 0) return { text: '|', length: 1 };
  return { text: escapeText(character), length: 1 };
}

function escapeText(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
