import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  PRIVATE_DIRECTORY_MODE,
  PRIVATE_EXECUTABLE_MODE,
  storeError,
  writeFileAtomicSync,
} from '../../common/atomicFile.ts';
import { systemErrorCode, unreadable } from '../../common/errors.ts';
import { ensureHome } from '../../store/home.ts';
import { refreshLauncher, type LauncherTarget } from '../../store/launcher.ts';
import { holdfastParts } from './holdfastParts.ts';

/**
 * Puts the programs that Claude Code's settings name into the home, in the version of the given scripts. A launcher
 * that is there stays: the extension keeps it up to date.
 * @throws HoldfastError `home.unsafe`, `home.notWritable`, `disk.full`, `file.unreadable`.
 */
export function installParts(home: string, scriptsDirectory: string, target: LauncherTarget): void {
  ensureHome(home);
  const { prefix, hook, launcher } = holdfastParts(home);
  if (!existsSync(launcher)) refreshLauncher(home, target);
  try {
    // Without it there is no log; the scripts make none of their directories but this one's inner ones.
    mkdirSync(path.join(home, 'claude-code'), { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
    mkdirSync(path.dirname(prefix), { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
  } catch (error) {
    throw storeError(`creating ${path.dirname(prefix)}`, error);
  }
  installScript(path.join(scriptsDirectory, 'claude-prefix.sh'), prefix);
  installScript(path.join(scriptsDirectory, 'claude-hook.sh'), hook);
}

/** Brings what was installed once up to date; installs nothing. */
export function refreshParts(home: string, scriptsDirectory: string): void {
  const { prefix, hook } = holdfastParts(home);
  for (const [name, target] of [
    ['claude-prefix.sh', prefix],
    ['claude-hook.sh', hook],
  ] as const) {
    if (existsSync(target)) installScript(path.join(scriptsDirectory, name), target);
  }
}

/** By a rename: a shell may be reading the old one just now. */
function installScript(from: string, to: string): void {
  const text = readText(from);
  if (text === undefined) throw unreadable(from, 'there is no such file');
  if (text !== readText(to)) writeFileAtomicSync(to, text, { mode: PRIVATE_EXECUTABLE_MODE });
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw unreadable(file, error);
  }
}
