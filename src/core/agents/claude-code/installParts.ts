import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import {
  PRIVATE_DIRECTORY_MODE,
  PRIVATE_EXECUTABLE_MODE,
  storeError,
  writeFileAtomicSync,
} from '../../common/atomicFile.ts';
import { HoldfastError, systemErrorCode, unreadable } from '../../common/errors.ts';
import { ensureHome } from '../../store/home.ts';
import { refreshLauncher, type LauncherTarget } from '../../store/launcher.ts';
import { holdfastParts } from './holdfastParts.ts';

const PREFIX_SCRIPT = 'claude-prefix.sh';
const HOOK_SCRIPT = 'claude-hook.sh';

/**
 * Puts the programs that Claude Code's settings name where they belong, in the version of the given scripts. A launcher
 * that is there stays: the extension keeps it up to date.
 * @throws HoldfastError `home.unsafe`, `home.notWritable`, `disk.full`, `file.unreadable`.
 */
export function installParts(home: string, scriptsDirectory: string, target: LauncherTarget): void {
  ensureHome(home);
  const { hook, launcher, prefixPlaces } = holdfastParts(home);
  const [beside, inside] = prefixPlaces;
  if (!existsSync(launcher)) refreshLauncher(home, target);
  try {
    // Without it there is no log; the scripts make none of their directories but this one's inner ones.
    mkdirSync(path.join(home, 'claude-code'), { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
    mkdirSync(path.dirname(hook), { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
  } catch (error) {
    throw storeError(`creating ${path.dirname(hook)}`, error);
  }
  const script = path.join(scriptsDirectory, PREFIX_SCRIPT);
  const isBeside = isOurs(path.dirname(home)) && isInstalled(script, beside);
  // Settings may name it still.
  if (!isBeside || existsSync(inside)) installScript(script, inside);
  installScript(path.join(scriptsDirectory, HOOK_SCRIPT), hook);
}

/**
 * Brings what was installed once up to date, and completes it where a part has gone; installs nothing else.
 * @param isNamed whether settings of Claude Code name it; asked only where nothing is installed.
 * @throws HoldfastError as {@link installParts}.
 */
export function refreshParts(
  home: string,
  scriptsDirectory: string,
  target: LauncherTarget,
  isNamed: () => boolean,
): void {
  const { hook, prefixPlaces } = holdfastParts(home);
  const isThere = [hook, ...prefixPlaces].some((file) => existsSync(file));
  if (isThere || isNamed()) installParts(home, scriptsDirectory, target);
}

/** Whoever can write there could put another program in the place of ours; but for what is theirs in a shared directory. */
function isOurs(directory: string): boolean {
  const stat = statSync(directory, { throwIfNoEntry: false });
  const userId = process.getuid?.();
  if (stat === undefined || userId === undefined) return false;
  const isShared = (stat.mode & 0o022) !== 0 && (stat.mode & 0o1000) === 0;
  return (stat.uid === userId || stat.uid === 0) && !isShared;
}

function isInstalled(from: string, to: string): boolean {
  try {
    installScript(from, to);
    return true;
  } catch (error) {
    if (HoldfastError.is(error, 'home.notWritable')) return false;
    throw error;
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
