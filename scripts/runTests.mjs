// Runs one folder of tests with node:test; Node 20 has no globs of its own for that.
//   node scripts/runTests.mjs FOLDER [FILTER…]      FILTER: part of a file name
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { countsFile, readCounts } from './support/counts.mjs';
import { withCleanup } from './support/leftovers.mjs';
import { resultsDir, root } from './support/paths.mjs';

/**
 * The time limit is for a file as well as for each test in it: for what hangs beyond every deadline of its own. Files of
 * hundreds of rounds take minutes on a machine that is busy with other things.
 * @type {Record<string, { ending: string, timeoutMs: number, concurrency: number }>}
 */
const folders = {
  unit: { ending: '.test.ts', timeoutMs: 300_000, concurrency: 2 },
  process: { ending: '.test.ts', timeoutMs: 900_000, concurrency: 3 },
  fault: { ending: '.fault.test.ts', timeoutMs: 900_000, concurrency: 2 },
  // Two windows at a time would slow each other beyond their deadlines on a small machine.
  e2e: { ending: '.spec.ts', timeoutMs: 600_000, concurrency: 1 },
  bench: { ending: '.bench.ts', timeoutMs: 900_000, concurrency: 1 },
};

const [folder = '', ...filters] = process.argv.slice(2);
const settings = folders[folder];

/** @param {string} ending */
async function findFiles(ending) {
  const base = path.join(root, 'test', folder);
  if (!existsSync(base)) return [];
  return (await readdir(base, { recursive: true }))
    .filter((name) => name.endsWith(ending))
    .filter((name) => filters.length === 0 || filters.some((filter) => name.includes(filter)))
    .sort()
    .map((name) => path.join('test', folder, name));
}

/**
 * @param {string[]} args
 * @returns {Promise<boolean>}
 */
function node(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      // The search covers Claude Code's transcripts: no test is to find those of whoever runs it.
      env: { ...process.env, CLAUDE_CONFIG_DIR: path.join(resultsDir, 'no-claude') },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code === 0));
  });
}

async function runAll() {
  if (!settings)
    throw new Error(`Usage: node scripts/runTests.mjs ${Object.keys(folders).join('|')}`);
  await rm(countsFile(folder), { force: true });
  const files = await findFiles(settings.ending);
  if (files.length === 0) {
    throw new Error(
      `No test/${folder}/**/*${settings.ending} matches ${filters.join(' ') || 'anything'}.`,
    );
  }
  await mkdir(resultsDir, { recursive: true });
  // Benchmarks are programs that print numbers; each gets the machine to itself.
  if (folder === 'bench') return runBenchmarks(files);
  const isGood = await node([
    ...['--import', 'tsx', '--enable-source-maps', '--test'],
    `--test-concurrency=${settings.concurrency}`,
    `--test-timeout=${settings.timeoutMs}`,
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    '--test-reporter=./scripts/support/countReporter.mjs',
    `--test-reporter-destination=${countsFile(folder)}`,
    ...files,
  ]);
  const counts = await readCounts(folder);
  return (
    isGood && counts !== undefined && counts.failed === 0 && counts.passed + counts.skipped > 0
  );
}

/** @param {string[]} files */
async function runBenchmarks(files) {
  let isGood = true;
  for (const file of files) isGood = (await node(['--import', 'tsx', file])) && isGood;
  return isGood;
}

process.exit((await withCleanup(runAll)) ? 0 : 1);
