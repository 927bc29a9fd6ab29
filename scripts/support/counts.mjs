import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { resultsDir } from './paths.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @param {string} suite */
export const countsFile = (suite) => path.join(resultsDir, `${suite}.json`);

/**
 * What a suite came to, for the closing line of "npm test".
 * @param {string} suite
 * @param {Counts} counts
 */
export async function writeCounts(suite, counts) {
  await mkdir(resultsDir, { recursive: true });
  await writeFile(countsFile(suite), JSON.stringify(counts));
}

/**
 * @param {string} suite
 * @returns {Promise<Counts | undefined>} undefined when the suite did not come to its end
 */
export async function readCounts(suite) {
  try {
    return JSON.parse(await readFile(countsFile(suite), 'utf8'));
  } catch {
    return undefined;
  }
}
