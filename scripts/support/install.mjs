import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { npm } from './run.mjs';
import { root } from './paths.mjs';

/** @typedef {Record<string, { version?: string, optional?: boolean, peer?: boolean }>} Packages */

/**
 * @param {string} file
 * @returns {Packages}
 */
function packagesIn(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/**
 * Compares what is installed with the lock by content: file times say nothing after a checkout.
 */
function isInstalled() {
  const installedFile = path.join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const installed = packagesIn(installedFile);
  return Object.entries(packagesIn(path.join(root, 'package-lock.json'))).every(
    ([name, wanted]) =>
      // The root itself, and packages made for another platform, are not on the disk.
      name === '' || wanted.optional || installed[name]?.version === wanted.version,
  );
}

/** Installs the locked dependencies unless they are there already. Uses nothing but Node and npm. */
export async function ensureDependencies() {
  if (isInstalled()) return;
  console.log('Installing dependencies (npm ci)…');
  await npm(['ci', '--loglevel=error'], { cwd: root });
}
