import { posix, win32 } from 'node:path';
import type { CommandLine } from './platform/platform.ts';

/** Options of node that take the next word as their value, unless given as `--option=value`. */
const NODE_OPTIONS_WITH_VALUE = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '-C',
  '--conditions',
]);

function programName(path: string): string {
  return win32.basename(posix.basename(path)).replace(/\.(exe|cmd)$/i, '');
}

/** The script that a node command line runs: its first word that belongs to no option. */
function nodeScript(argv: readonly string[]): string | undefined {
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (NODE_OPTIONS_WITH_VALUE.has(word)) at++;
    else if (!word.startsWith('-')) return word;
    else if (/^(-e|-p|-pe|--eval|--print|-)$/.test(word)) return undefined;
  }
  return undefined;
}

/**
 * Whether a process is Claude Code: a program called `claude`, or node running a script called `claude` or the
 * `cli.js` of a `claude-code` package. (Claude Code also titles itself `claude`, which then is all of its argv.)
 */
export function isClaudeProgram({ argv, exe }: CommandLine): boolean {
  const names = [argv[0], exe].flatMap((path) => (path === undefined ? [] : [programName(path)]));
  if (names.includes('claude')) return true;
  if (!names.some((name) => /^(node|nodejs|bun)$/.test(name))) return false;
  const script = nodeScript(argv);
  if (script === undefined) return false;
  const parts = script.split(/[\\/]/);
  const file = parts.pop();
  return file === 'claude' || (file === 'cli.js' && parts.at(-1) === 'claude-code');
}
