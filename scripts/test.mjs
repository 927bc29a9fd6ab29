// Everything that has to hold, in one go, on a machine that has no more than Node and npm:
// installs, builds, checks, and runs all suites. The last line sums them up.
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { countsFile, readCounts } from './support/counts.mjs';
import { ensureDependencies } from './support/install.mjs';
import { root } from './support/paths.mjs';
import { run } from './support/run.mjs';

/** @typedef {{ name: string, args: string[], isSuite?: boolean, mayBeAbsent?: boolean }} Stage */

const bin = (/** @type {string} */ name) => path.join(root, 'node_modules', name);
const suite = (/** @type {string} */ name) => ({
  name,
  args: [path.join(root, 'scripts/runTests.mjs'), name],
  isSuite: true,
});

/** @type {Stage[]} */
const preparation = [
  { name: 'build', args: [path.join(root, 'esbuild.mjs'), '--production'] },
  { name: 'types', args: [bin('typescript/bin/tsc')] },
  { name: 'lint', args: [bin('eslint/bin/eslint.js'), root] },
  { name: 'format', args: [bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', root] },
];
/** Downloads wait for the network, checks for the processor: they go well together. */
const provision = { name: 'provision', args: [path.join(root, 'scripts/provision.mjs')] };
/** @type {Stage[]} */
const suites = [
  suite('unit'),
  { ...suite('process'), mayBeAbsent: true },
  { ...suite('fault'), mayBeAbsent: true },
  { name: 'package', args: [path.join(root, 'scripts/package.mjs')] },
  { ...suite('host'), args: [path.join(root, 'scripts/runHostTests.mjs')] },
  suite('e2e'),
];

const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const report = [];

/** @param {Stage} stage */
async function runStage({ name, args, isSuite = false, mayBeAbsent = false }) {
  if (mayBeAbsent && !(await hasTests(name))) {
    report.push(`${name.padEnd(10)}      –    no tests yet`);
    return;
  }
  console.log(`\n── ${name}`);
  if (isSuite) await rm(countsFile(name), { force: true });
  const startedAt = performance.now();
  const { code } = await run(process.execPath, args, { cwd: root });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6);
  const counts = (isSuite ? await readCounts(name) : undefined) ?? {
    passed: 0,
    failed: 0,
    skipped: 0,
  };
  // A stage can fail without a failing test: it could not start, or left processes behind.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  const words = isSuite ? `${counts.passed} passed, ${counts.failed} failed` : '';
  report.push(
    `${name.padEnd(10)} ${seconds} s  ${code === 0 ? 'ok' : 'FAILED'}  ${words}`.trimEnd(),
  );
}

/** @param {string} name */
async function hasTests(name) {
  const folder = path.join(root, 'test', name);
  if (!existsSync(folder)) return false;
  return (await readdir(folder, { recursive: true })).some((file) => file.endsWith('.test.ts'));
}

await ensureDependencies();
const provisioning = runStage(provision);
for (const stage of preparation) await runStage(stage);
await provisioning;
for (const stage of suites) await runStage(stage);

console.log(`\n${report.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 ? 0 : 1);
