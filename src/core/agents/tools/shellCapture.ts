import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PRIVATE_FILE_MODE } from '../../common/atomicFile.ts';
import { defaultShell } from '../../tasks/commandLine.ts';
import type { ShellState } from './agentShell.ts';
import { isProgram } from '../../processes/isProgram.ts';

/**
 * Runs the line $5 in this very shell and, when that ends, writes where it stands into the file $1: the directory, a
 * NUL, the environment. Only while the agent's process $2 lives and the file is there: nobody else would take away what
 * may hold secrets. On one line, or the line numbers in the shell's messages would be ours. ($3 and $4 are the shell
 * and the `-c` that this stands in for.)
 */
const script = [
  '__holdfast_file=$1 __holdfast_agent=$2 __holdfast_line=$5',
  'set --',
  '__holdfast_save() { __holdfast_code=$?',
  'set +eu',
  'if [ -z "$__holdfast_saved" ] && [ -f "$__holdfast_file" ] && kill -0 "$__holdfast_agent" 2>/dev/null',
  'then { pwd',
  String.raw`printf "\0"`,
  'if [ -r /proc/self/environ ]',
  'then command -p cat /proc/self/environ',
  'else command -p env -0',
  'fi',
  '} >|"$__holdfast_file" 2>/dev/null',
  '__holdfast_saved=1',
  'fi',
  '}',
  // For a line that ends by "exit", by "set -e" or by an error.
  `trap '__holdfast_save; exit "$__holdfast_code"' EXIT`,
  'eval "$__holdfast_line"',
  // For a line with an EXIT trap of its own, which goes on to have its say.
  '__holdfast_save',
  'exit "$__holdfast_code"',
].join('; ');

/** How one command's last state comes back. Whoever begins one ends it, by `take` or by `dispose`. */
export interface ShellCapture {
  /** Executed in place of the shell; its arguments follow. */
  readonly wrapper: readonly string[];
  /** Undefined when the command did not come to its end in the shell: `exec`, a signal, a trap of its own. */
  take(): ShellState | undefined;
  dispose(): void;
}

/** @param directory of this process alone, best in memory: the file may hold secrets. */
export function captureShell(directory: string, shell: string): ShellCapture {
  const file = path.join(directory, randomUUID());
  writeFileSync(file, '', { mode: PRIVATE_FILE_MODE, flag: 'wx' });
  const dispose = (): void => {
    rmSync(file, { force: true });
  };
  return {
    wrapper: [shell, '-c', script, path.basename(shell), file, String(process.pid)],
    take: () => {
      try {
        return parseState(readFileSync(file));
      } finally {
        dispose();
      }
    },
    dispose,
  };
}

/** Bash where it is, since that is what agents write; else the user's own shell, if the script above can run in it. */
export function agentShell(environment: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32') return defaultShell(environment);
  const directories = (environment['PATH'] ?? '')
    .split(path.delimiter)
    .filter((directory) => path.isAbsolute(directory));
  const bash = directories
    .map((directory) => path.join(directory, 'bash'))
    .find((file) => isProgram(file));
  return bash ?? '/bin/sh';
}

export function canCapture(shell: string): boolean {
  return /^(ba|da|k|a)?sh$/.test(path.basename(shell));
}

/** The directory, newline, NUL, then NAME=VALUE with a NUL each (proc(5), env(1)). */
function parseState(bytes: Buffer): ShellState | undefined {
  const [first, ...entries] = bytes.toString('utf8').split('\0');
  const cwd = first?.replace(/\n$/, '');
  if (!cwd || entries.length < 2) return undefined;
  const environment: Record<string, string> = {};
  for (const entry of entries) {
    const equals = entry.indexOf('=');
    if (equals > 0) environment[entry.slice(0, equals)] = entry.slice(equals + 1);
  }
  return { cwd, environment };
}
