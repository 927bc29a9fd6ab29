import { existsSync } from 'node:fs';
import { canUseApt, findOnPath, installByApt } from '../support/apt.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
/** Without fonts a page shows boxes, and screenshots are of no use. */
const debianPackages = ['chromium', 'fonts-liberation', 'fonts-dejavu-core'];

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

/**
 * The path of a Chromium; on Debian and Ubuntu, as root, it is installed when there is none.
 * @returns {Promise<string>}
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (canUseApt()) await installByApt(debianPackages);
  const installed = findChromium();
  if (installed) return installed;
  throw new Error(
    'No Chromium found. Install Chromium or Google Chrome (on Debian: apt-get install ' +
      `${debianPackages.join(' ')}), or set CHROMIUM_PATH to its executable.`,
  );
}

/** Containers often have a small /dev/shm, on which a page would crash. */
export const chromiumArguments = ['--disable-dev-shm-usage', '--disable-gpu'];
