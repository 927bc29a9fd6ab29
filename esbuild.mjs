// Bundles the extension, the command line with the MCP server, the Node keeper and the workers into dist/.
//   node esbuild.mjs                 development: source maps, readable
//   node esbuild.mjs --production    what ships: minified, no source maps
//   node esbuild.mjs --watch         development, and again after each change
import { chmod, copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { build, context } from 'esbuild';

const root = import.meta.dirname;
const outDir = path.join(root, 'dist');
const isProduction = process.argv.includes('--production');
const isWatching = process.argv.includes('--watch');

const entries = [
  { from: 'src/extension.ts', to: 'extension.cjs', external: ['vscode'] },
  {
    from: 'src/cli/main.ts',
    to: 'cli.cjs',
    isExecutable: true,
    // src/mcp/noElicitation.ts says why.
    leftOut: ['ajv', 'ajv-formats'],
  },
  { from: 'src/cli/hookMain.ts', to: 'hook.cjs' },
  { from: 'src/keeper/main.ts', to: 'keeper.cjs' },
  { from: 'src/indexer/main.ts', to: 'indexer.cjs' },
  // The library for models is as big as all of the extension, and most windows never need it.
  { from: 'src/model/main.ts', to: 'model.cjs' },
  { from: 'src/guard/main.ts', to: 'guard.cjs' },
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

/** The parser of command lines reads these, packed, when a permission is decided about a command. */
async function packShellGrammar() {
  const folder = path.join(root, 'node_modules/@vscode/tree-sitter-wasm/wasm');
  for (const name of ['tree-sitter.wasm', 'tree-sitter-bash.wasm']) {
    const bytes = await readFile(path.join(folder, name));
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    };
    await writeFile(path.join(outDir, `${name}.br`), brotliCompressSync(bytes, { params }));
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
 * Packages that a library imports for what we do not use: 130 KiB of them, where the whole extension is to stay small.
 * @param {readonly string[]} names
 * @returns {import('esbuild').Plugin}
 */
function leaveOut(names) {
  return {
    name: 'leave-out',
    setup(build) {
      const filter = new RegExp(`^(${names.join('|')})$`);
      build.onResolve({ filter }, ({ path: name }) => ({ path: name, namespace: 'left-out' }));
      build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path: name }) => ({
        contents: `module.exports = () => { throw new Error('${name} is not in this bundle.'); };`,
      }));
    },
  };
}

/**
 * @param {{ from: string, to: string, external?: string[], leftOut?: string[], isExecutable?: boolean }} entry
 * @returns {import('esbuild').BuildOptions}
 */
function optionsFor({ from, to, external = [], leftOut = [], isExecutable = false }) {
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
    // Class and function names show in the stacks of a development build; in what ships they would cost 60 kB.
    keepNames: !isProduction,
    sourcemap: isProduction ? false : 'linked',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    plugins: leftOut.length > 0 ? [leaveOut(leftOut), finish] : [finish],
  };
}

if (!isWatching) await rm(outDir, { recursive: true, force: true });
await mkdir(outDir, { recursive: true });
await packShellGrammar();

for (const entry of entries) {
  if (!existsSync(path.join(root, entry.from))) {
    console.log(`dist/${entry.to}: skipped, there is no ${entry.from}`);
    continue;
  }
  if (isWatching) await (await context(optionsFor(entry))).watch();
  // esbuild has printed what is wrong; the other bundles may still be good.
  else await build(optionsFor(entry)).catch(() => (process.exitCode = 1));
}
