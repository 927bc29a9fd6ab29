// Runs the suites of test/host inside the extension host of a real VS Code.
//   npm run test:host [-- FILTER]       FILTER: part of a file name
// Which VS Code: VSCODE_EXECUTABLE, else the desktop's, downloaded, where a window can be shown, else
// a VS Code server with a headless browser. HOLDFAST_VSCODE_VERSION picks the desktop's version,
// HOLDFAST_HOST_GREP a test by its title.
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build, stop } from 'esbuild';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { buildScriptedModel } from './support/scriptedModel.mjs';
import { hasDisplay } from './support/display.mjs';
import { hostTestsOutDir, resultsDir, root } from './support/paths.mjs';
import { writeCounts } from './support/counts.mjs';
import { withCleanup } from './support/leftovers.mjs';
import { quietSettings } from './vscodeServer.mjs';

const standIn = path.join(root, 'scripts/vscodeStandIn.mjs');
const workbenchLog = path.join(resultsDir, 'host-workbench.log');

async function chooseExecutable() {
  const { VSCODE_EXECUTABLE: chosen, HOLDFAST_VSCODE_VERSION: version = 'stable' } = process.env;
  if (chosen) return chosen;
  // A desktop VS Code cannot start without a display, so nothing is downloaded for it there.
  if (!hasDisplay()) return standIn;
  try {
    return await downloadAndUnzipVSCode({ version, timeout: 10_000 });
  } catch (error) {
    console.log(`No desktop VS Code could be downloaded (${String(error)}).`);
    return standIn;
  }
}

/** @param {string | undefined} filter */
async function findSuites(filter) {
  const names = await readdir(path.join(root, 'test/host'), { recursive: true });
  return names
    .filter((name) => name.endsWith('.test.ts') && name.includes(filter ?? ''))
    .sort()
    .map((name) => path.join(root, 'test/host', name));
}

/** @param {string[]} suites */
async function bundle(suites) {
  await rm(hostTestsOutDir, { recursive: true, force: true });
  await build({
    entryPoints: [...suites, path.join(root, 'test/host/support/runSuites.ts')],
    outbase: path.join(root, 'test/host'),
    outdir: hostTestsOutDir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    sourcemap: 'inline',
    // As in what ships: in CommonJS import.meta is empty.
    banner: {
      js: 'const __importMetaUrl = require("node:url").pathToFileURL(__filename).href;',
    },
    define: { 'import.meta.url': '__importMetaUrl', 'import.meta.dirname': '__dirname' },
    // Mocha keeps its state in its module: the suites and the runner must load the same one.
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  await stop();
  return suites.map((suite) => {
    const relative = path.relative(path.join(root, 'test/host'), suite);
    return path.join(hostTestsOutDir, relative.replace(/\.ts$/, '.cjs'));
  });
}

/**
 * Prints what a growing file gains, until stopped.
 * @param {string} file
 */
function follow(file) {
  let offset = 0;
  /** @returns {Promise<void>} */
  const printNew = () =>
    new Promise((resolve, reject) => {
      const stream = createReadStream(file, { start: offset });
      stream.on('data', (chunk) => {
        offset += chunk.length;
        process.stdout.write(chunk);
      });
      stream.once('close', resolve);
      stream.once('error', reject);
    });
  let last = Promise.resolve();
  const timer = setInterval(() => (last = last.then(printNew)), 200);
  return async () => {
    clearInterval(timer);
    await last.then(printNew);
  };
}

/** @param {string} scratch a folder that is removed afterwards */
async function runIn(scratch) {
  const suites = await findSuites(process.argv[2]);
  if (suites.length === 0) throw new Error('No host test was found.');
  if (!existsSync(path.join(root, 'dist/extension.cjs'))) {
    throw new Error('The extension is not built: run "npm run build" first.');
  }
  const workspace = path.join(scratch, 'workspace');
  const userData = path.join(scratch, 'data');
  const report = path.join(scratch, 'report.txt');
  const summary = path.join(scratch, 'summary.json');
  await mkdir(workspace);
  await mkdir(path.join(userData, 'User'), { recursive: true });
  await writeFile(path.join(userData, 'User/settings.json'), JSON.stringify(quietSettings));
  await writeFile(report, '');

  const vscodeExecutablePath = await chooseExecutable();
  console.log(
    `VS Code: ${vscodeExecutablePath === standIn ? 'server in Chromium' : vscodeExecutablePath}`,
  );
  const noise = createWriteStream(workbenchLog);
  const stopFollowing = follow(report);
  let failure;
  try {
    await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: [
        root,
        await buildScriptedModel(path.join(scratch, 'scripted-model')),
      ],
      extensionTestsPath: path.join(hostTestsOutDir, 'support/runSuites.cjs'),
      launchArgs: [workspace, `--user-data-dir=${userData}`, '--disable-extensions'],
      extensionTestsEnv: {
        HOLDFAST_HOST_SUITES: JSON.stringify(await bundle(suites)),
        HOLDFAST_HOST_REPORT: report,
        HOLDFAST_HOST_SUMMARY: summary,
        // Nor are the transcripts of whoever runs them looked at.
        CLAUDE_CONFIG_DIR: path.join(userData, 'no-claude'),
        // Tasks and sessions of the tests go nowhere near those of the person who runs them.
        HOLDFAST_HOME: path.join(scratch, 'home'),
      },
      stdout: noise,
      stderr: noise,
    });
  } catch (error) {
    failure = error;
  } finally {
    await stopFollowing();
    await new Promise((resolve) => noise.end(resolve));
  }
  if (!existsSync(summary)) {
    console.error((await readFile(workbenchLog, 'utf8')).slice(-4000));
    throw new Error('The suites did not come to an end in VS Code.', { cause: failure });
  }
  const counts = JSON.parse(await readFile(summary, 'utf8'));
  await writeCounts('host', counts);
  return counts.failed === 0 && counts.passed > 0 && failure === undefined;
}

await mkdir(resultsDir, { recursive: true });
const isGood = await withCleanup(async () => {
  // The desktop's sockets live in its data folder, and their paths must be short.
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'hf-'));
  try {
    return await runIn(scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
});
process.exit(isGood ? 0 : 1);
