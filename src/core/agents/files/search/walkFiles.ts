import { readdirSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { ignoreRulesAbove, isIgnored, readIgnoreRules, type IgnoreRules } from './gitignore.ts';

/** Between two of these the process does something else for a moment. */
const DIRECTORIES_AT_ONCE = 50;
const SKIPPED = new Set(['.git', '.hg', '.svn']);

/**
 * The files below a directory by their path relative to it, without what .gitignore files leave out. Links are not
 * followed, so nothing outside is reached.
 * @param root where the .gitignore files begin that count.
 * @throws what aborted the signal.
 */
export async function* walkFiles(
  directory: string,
  root: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const pending: { relative: string; above: IgnoreRules | undefined }[] = [
    { relative: '', above: ignoreRulesAbove(root, directory) },
  ];
  for (let count = 1; ; count += 1) {
    const next = pending.pop();
    if (next === undefined) return;
    if (count % DIRECTORIES_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    const here = path.join(directory, next.relative);
    const rules = readIgnoreRules(here, next.above);
    for (const entry of entriesOf(here)) {
      const isDirectory = entry.isDirectory();
      if (!isDirectory && !entry.isFile()) continue;
      if (SKIPPED.has(entry.name)) continue;
      if (isIgnored(rules, path.join(here, entry.name), isDirectory)) continue;
      const relative = next.relative === '' ? entry.name : `${next.relative}/${entry.name}`;
      if (isDirectory) pending.push({ relative, above: rules });
      else yield relative;
    }
  }
}

function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    // Gone meanwhile, or not ours to look into.
    return [];
  }
}
