import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { mustRun } from '../support/run.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
/** Without fonts a page shows boxes, and screenshots are of no use. */
const debianPackages = ['chromium', 'fonts-liberation', 'fonts-dejavu-core'];

/** @param {string} name */
function findOnPath(name) {
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

function findChromium() {
  const { CHROMIUM_PATH: chosen } = process.env;
  if (chosen) {
    if (existsSync(chosen)) return chosen;
    throw new Error(`CHROMIUM_PATH names "${chosen}", which does not exist.`);
  }
  const macApp = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return (
    names.map(findOnPath).find((file) => file !== undefined) ??
    [macApp].find((file) => existsSync(file))
  );
}

function canUseApt() {
  return process.getuid?.() === 0 && findOnPath('apt-get') !== undefined;
}

async function installByApt() {
  console.log('Installing Chromium (apt-get)…');
  const startedAt = Date.now();
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Another apt-get may be at work on this machine: wait for it.
  const lock = ['-o', 'DPkg::Lock::Timeout=300'];
  await mustRun('apt-get', [...lock, 'update', '-qq'], { env, quiet: true });
  const install = [...lock, 'install', '-y', '-qq', '--no-install-recommends', ...debianPackages];
  await mustRun('apt-get', install, { env, quiet: true });
  console.log(`Installed Chromium in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
}

/**
 * The path of a Chromium; on Debian and Ubuntu, as root, it is installed when there is none.
 * @returns {Promise<string>}
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (canUseApt()) await installByApt();
  const installed = findChromium();
  if (installed) return installed;
  throw new Error(
    'No Chromium found. Install Chromium or Google Chrome (on Debian: apt-get install ' +
      `${debianPackages.join(' ')}), or set CHROMIUM_PATH to its executable.`,
  );
}

/** Containers often have a small /dev/shm, on which a page would crash. */
export const chromiumArguments = ['--disable-dev-shm-usage', '--disable-gpu'];
