import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HoldfastError } from '../common/errors.ts';
import { PRIVATE_DIRECTORY_MODE } from '../common/atomicFile.ts';

/** sun_path has 108 bytes on Linux and 104 on macOS and the BSDs, the closing NUL included. */
const MAX_PATH_BYTES = 103;

/**
 * Where a keeper listens: a name of its own in a directory that only this user can enter. Not in the task's directory,
 * whose path may be longer than the system takes.
 * @throws HoldfastError `home.unsafe` when no such directory can be had.
 */
export function newSocketPath(environment: NodeJS.ProcessEnv): string {
  const name = `${process.pid}-${randomBytes(4).toString('hex')}`;
  if (process.platform === 'win32') return String.raw`\\.\pipe\holdfast-${name}`;
  for (const directory of candidates(environment)) {
    const file = path.join(directory, `${name}.sock`);
    if (Buffer.byteLength(file) > MAX_PATH_BYTES || !isOurs(directory)) continue;
    removeLeftovers(directory);
    return file;
  }
  const [home = tmpdir()] = candidates(environment).slice(-1);
  throw new HoldfastError('home.unsafe', 'there is no private directory for a socket', {
    data: { home, reason: 'another user owns it or can reach it', fix: `rm -r '${home}'` },
  });
}

/** The runtime directory is the user's own and empty after a reboot; /tmp is short everywhere. */
function candidates(environment: NodeJS.ProcessEnv): string[] {
  const runtime = environment['XDG_RUNTIME_DIR'];
  const own = `holdfast-${process.getuid?.() ?? 0}`;
  return [
    ...(runtime !== undefined && path.isAbsolute(runtime) ? [path.join(runtime, 'holdfast')] : []),
    path.join(tmpdir(), own),
    path.join('/tmp', own),
  ];
}

/** Creates it if need be. Another user may have put a directory, or a link, of that name into /tmp. */
function isOurs(directory: string): boolean {
  try {
    mkdirSync(directory, { mode: PRIVATE_DIRECTORY_MODE });
  } catch {
    // It is there already, or cannot be made; we see at once.
  }
  const stat = lstatSync(directory, { throwIfNoEntry: false });
  return (
    stat?.isDirectory() === true && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0
  );
}

/** Keepers that were killed could not take their sockets away; the name tells whose it was. */
function removeLeftovers(directory: string): void {
  for (const name of readdirSync(directory)) {
    const pid = /^(\d+)-[0-9a-f]{8}\.sock$/.exec(name)?.[1];
    if (pid !== undefined && !isThere(Number(pid)))
      rmSync(path.join(directory, name), { force: true });
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
