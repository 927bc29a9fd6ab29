import path from 'node:path';

/**
 * Moves a path that lies in one folder to the same place in another; gives any other path back as it is. Either system's
 * separators are understood, and `..` leads nowhere.
 */
export function rerootPath(file: string, from: string, to: string): string {
  const parts = partsOf(file);
  const root = partsOf(from);
  const isSame = isWindowsPath(file)
    ? (a: string, b: string | undefined) => a.toLowerCase() === b?.toLowerCase()
    : (a: string, b: string | undefined) => a === b;
  if (root.length === 0 || !root.every((part, index) => isSame(part, parts[index]))) return file;
  const rest = parts.slice(root.length);
  return rest.includes('..') ? file : path.join(to, ...rest);
}

/** `C:\a\b` and `/a/b` alike; a path that is not absolute has none. */
function partsOf(file: string): string[] {
  const isWindows = isWindowsPath(file);
  if (!isWindows && !file.startsWith('/')) return [];
  return file.split(isWindows ? /[\\/]+/ : /\/+/).filter((part) => part !== '');
}

function isWindowsPath(file: string): boolean {
  return /^[A-Za-z]:[\\/]|^\\\\/.test(file);
}
