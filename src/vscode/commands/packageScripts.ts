import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { CommandSuggestion } from './commandSuggestion.ts';

/** Which program runs a project's scripts, told by the lock file it leaves; asked in this order. */
const lockFiles: readonly [file: string, program: string][] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
];

/** The scripts of a folder's package.json, in its order; none when there is no readable one. */
export function packageScripts(folder: string): CommandSuggestion[] {
  const scripts = readScripts(path.join(folder, 'package.json'));
  const program = packageProgram(folder);
  return Object.entries(scripts).flatMap(([name, text]) => {
    if (typeof text !== 'string') return [];
    return [{ line: `${program} run ${quoteIfNeeded(name)}`, cwd: folder, description: text }];
  });
}

/** A workspace of a monorepo has its lock file further up. */
function packageProgram(folder: string): string {
  for (let directory = folder; ; directory = path.dirname(directory)) {
    const found = lockFiles.find(([file]) => existsSync(path.join(directory, file)));
    if (found !== undefined) return found[1];
    const isTop = existsSync(path.join(directory, '.git')) || path.dirname(directory) === directory;
    if (isTop) return 'npm';
  }
}

/** A package.json that is being edited may not be JSON just now; there is nothing to tell about that here. */
function readScripts(file: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
  if (typeof parsed !== 'object' || parsed === null || !('scripts' in parsed)) return {};
  const { scripts } = parsed;
  return typeof scripts === 'object' && scripts !== null ? { ...scripts } : {};
}

function quoteIfNeeded(name: string): string {
  return /^[\w:.@/+-]+$/.test(name) ? name : JSON.stringify(name);
}
