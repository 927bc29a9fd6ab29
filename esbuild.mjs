// Bundles the extension, the command line and the Node keeper into dist/.
//   node esbuild.mjs                 development: source maps, readable
//   node esbuild.mjs --production    what ships: minified, no source maps
//   node esbuild.mjs --watch         development, and again after each change
import { chmod, copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { build, context } from 'esbuild';

const root = import.meta.dirname;
const outDir = path.join(root, 'dist');
const isProduction = process.argv.includes('--production');
const isWatching = process.argv.includes('--watch');

const entries = [
  { from: 'src/extension.ts', to: 'extension.cjs', external: ['vscode'] },
  { from: 'src/cli/main.ts', to: 'cli.cjs', isExecutable: true },
  { from: 'src/keeper/main.ts', to: 'keeper.cjs' },
];

/** The keeper for plain tasks is a shell script; it ships as it is written. */
async function copyKeeperScripts() {
  const folder = path.join(root, 'src/keeper');
  if (!existsSync(folder)) return;
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.sh')) continue;
    await copyFile(path.join(folder, name), path.join(outDir, name));
    await chmod(path.join(outDir, name), 0o755);
  }
}

/** @type {import('esbuild').Plugin} */
const finish = {
  name: 'finish',
  setup(build) {
    build.onEnd(async (result) => {
      if (result.errors.length > 0) return;
      const outFile = String(build.initialOptions.outfile);
      if (build.initialOptions.banner?.['js']?.startsWith('#!')) await chmod(outFile, 0o755);
      await copyKeeperScripts();
      const output = Object.values(result.metafile?.outputs ?? {}).find(
        ({ entryPoint }) => entryPoint,
      );
      const kib = Math.ceil((output?.bytes ?? 0) / 1024);
      console.log(`${path.relative(root, outFile).padEnd(24)} ${String(kib).padStart(6)} KiB`);
    });
  },
};

/**
 * @param {{ from: string, to: string, external?: string[], isExecutable?: boolean }} entry
 * @returns {import('esbuild').BuildOptions}
 */
function optionsFor({ from, to, external = [], isExecutable = false }) {
  // The bundle is CommonJS, where import.meta is empty.
  const importMeta = 'const __importMetaUrl = require("node:url").pathToFileURL(__filename).href;';
  return {
    entryPoints: [path.join(root, from)],
    outfile: path.join(outDir, to),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external,
    banner: { js: (isExecutable ? '#!/usr/bin/env node\n' : '') + importMeta },
    define: { 'import.meta.url': '__importMetaUrl', 'import.meta.dirname': '__dirname' },
    minify: isProduction,
    // Class and function names show in logs and stacks.
    keepNames: true,
    sourcemap: isProduction ? false : 'linked',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    plugins: [finish],
  };
}

if (!isWatching) await rm(outDir, { recursive: true, force: true });
await mkdir(outDir, { recursive: true });

for (const entry of entries) {
  if (!existsSync(path.join(root, entry.from))) {
    console.log(`dist/${entry.to}: skipped, there is no ${entry.from}`);
    continue;
  }
  if (isWatching) await (await context(optionsFor(entry))).watch();
  // esbuild has printed what is wrong; the other bundles may still be good.
  else await build(optionsFor(entry)).catch(() => (process.exitCode = 1));
}
