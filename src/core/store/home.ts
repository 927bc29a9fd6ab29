import { mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import envPaths from 'env-paths';
import { PRIVATE_DIRECTORY_MODE, storeError } from '../common/atomicFile.ts';
import { HoldfastError } from '../common/errors.ts';

/** Where the home is: `HOLDFAST_HOME`, else the setting `holdfast.home`, else the platform's data directory. */
export function resolveHome(environment: NodeJS.ProcessEnv, setting?: string): string {
  const chosen = environment['HOLDFAST_HOME'] || setting?.trim();
  if (!chosen) return envPaths('holdfast', { suffix: '' }).data;
  const expanded = chosen.replace(/^~(?=$|[\\/])/, homedir());
  if (!path.isAbsolute(expanded)) {
    throw new HoldfastError('settings.outOfRange', `the home must be an absolute path: ${chosen}`, {
      data: {
        setting: environment['HOLDFAST_HOME'] ? 'HOLDFAST_HOME' : 'holdfast.home',
        value: chosen,
      },
    });
  }
  return path.normalize(expanded);
}

/**
 * Creates the home if need be, and refuses one that other users own or may write to: whoever can write there decides
 * what runs as this user.
 * @throws HoldfastError `home.unsafe` (its data has the command that fixes it), `home.notWritable`, `disk.full`.
 */
export function ensureHome(home: string): void {
  try {
    mkdirSync(home, { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
  } catch (error) {
    throw storeError(`creating the directory ${home}`, error);
  }
  // A link to a directory elsewhere is fine, as long as that is the user's alone.
  const stat = statSync(home);
  const userId = process.getuid?.();
  if (userId === undefined) return;
  if (stat.uid !== userId) {
    throw unsafe(home, 'another user owns it', `sudo chown -R "$(id -u)" ${quote(home)}`);
  }
  if ((stat.mode & 0o022) !== 0) {
    throw unsafe(home, 'other users may write to it', `chmod go-w ${quote(home)}`);
  }
}

function unsafe(home: string, reason: string, fix: string): HoldfastError {
  return new HoldfastError('home.unsafe', `${home} is not safe to use: ${reason}`, {
    data: { home, reason, fix },
  });
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
