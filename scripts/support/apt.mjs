import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { mustRun } from './run.mjs';

/** @param {string} name */
export function findOnPath(name) {
  const { PATH: searchPath = '' } = process.env;
  return searchPath
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

export function canUseApt() {
  return process.getuid?.() === 0 && findOnPath('apt-get') !== undefined;
}

/** @param {readonly string[]} packages */
export async function installByApt(packages) {
  console.log(`Installing ${packages.join(', ')} (apt-get)…`);
  const startedAt = Date.now();
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Another apt-get may be at work on this machine: wait for it.
  const lock = ['-o', 'DPkg::Lock::Timeout=300'];
  await mustRun('apt-get', [...lock, 'update', '-qq'], { env, quiet: true });
  const install = [...lock, 'install', '-y', '-qq', '--no-install-recommends', ...packages];
  await mustRun('apt-get', install, { env, quiet: true });
  console.log(`Installed in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
}

/**
 * The shells that the keeper is tried under, and programs for its terminals. Where they are missing and cannot be
 * installed, their tests say so.
 */
export async function ensureShells() {
  const missing = ['dash', 'bash', 'busybox', 'vim', 'less', 'htop'].filter(
    (name) => findOnPath(name) === undefined,
  );
  if (missing.length > 0 && canUseApt()) await installByApt(missing);
}
