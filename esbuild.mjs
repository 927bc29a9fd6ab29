// Bundles the extension, the command line with the MCP server, the Node keeper and the workers into dist/.
//   node esbuild.mjs                 development: source maps, readable
//   node esbuild.mjs --production    what ships: minified, no source maps
//   node esbuild.mjs --watch         development, and again after each change
//
// Programs that start and end share their code: what several of them need, and what one of them needs only at times, is
// a file part-*.cjs of its own, read when it is needed. The keeper lives longer than an installed version, so all that
// it may ever need is in its one file; Claude Code waits for the hook, and to read many files would take twice as long.
import { chmod, copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { build, context, transform } from 'esbuild';

const root = import.meta.dirname;
const outDir = path.join(root, 'dist');
const isProduction = process.argv.includes('--production');
const isWatching = process.argv.includes('--watch');

const programs = {
  extension: 'src/extension.ts',
  cli: 'src/cli/main.ts',
  indexer: 'src/indexer/main.ts',
  guard: 'src/guard/main.ts',
};
const inOneFile = { keeper: 'src/keeper/main.ts', hook: 'src/cli/hookMain.ts' };

/** import.meta is empty in CommonJS, which the editor wants an extension to be. */
const importMeta = 'const __importMetaUrl = require("node:url").pathToFileURL(__filename).href;';

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

/**
 * Writes the output: esbuild shares code among files only as ES modules, so each is made CommonJS here.
 * @type {import('esbuild').Plugin}
 */
const writeCommonJs = {
  name: 'write-common-js',
  setup(build) {
    build.onEnd(async ({ errors, outputFiles = [] }) => {
      if (errors.length > 0) return;
      let partsBytes = 0;
      for (const { path: file, text } of outputFiles) {
        if (file.endsWith('.map')) continue;
        const code = await toCommonJs(text, `${file}.map`, outputFiles);
        await writeFile(
          file,
          path.basename(file) === 'cli.cjs' ? `#!/usr/bin/env node\n${code}` : code,
        );
        if (path.basename(file).startsWith('part-')) partsBytes += code.length;
        else report(path.relative(root, file), code.length);
      }
      await chmod(path.join(outDir, 'cli.cjs'), 0o755).catch(() => undefined);
      if (partsBytes > 0) report('dist/part-*.cjs', partsBytes);
      await copyKeeperScripts();
    });
  },
};

/**
 * @param {string} text
 * @param {string} mapFile
 * @param {readonly import('esbuild').OutputFile[]} outputFiles
 */
async function toCommonJs(text, mapFile, outputFiles) {
  const map = outputFiles.find(({ path: file }) => file === mapFile);
  const inline = map && Buffer.from(map.text).toString('base64');
  const comment = inline ? `\n//# sourceMappingURL=data:application/json;base64,${inline}` : '';
  const { code } = await transform(text + comment, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    // require() instead, which is quicker, and which the extension host understands everywhere.
    supported: { 'dynamic-import': false },
    banner: text.includes('__importMetaUrl') ? importMeta : '',
    minify: isProduction,
    sourcemap: inline ? 'inline' : false,
    legalComments: 'none',
  });
  return code;
}

/**
 * @param {string} file
 * @param {number} sizeBytes
 */
function report(file, sizeBytes) {
  console.log(`${file.padEnd(24)} ${String(Math.ceil(sizeBytes / 1024)).padStart(6)} KiB`);
}

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
 * The shell grammar's runtime has a `require` of its own, which would hide the one that its `import()` becomes here.
 * @type {import('esbuild').Plugin}
 */
const oneRequire = {
  name: 'one-require',
  setup(build) {
    build.onLoad(
      { filter: /tree-sitter-wasm[\\/]wasm[\\/]tree-sitter\.js$/ },
      async ({ path: file }) => {
        const text = await readFile(file, 'utf8');
        const contents = text.replace('var require = createRequire(getCurrentScriptUrl());', '');
        if (contents === text) throw new Error(`${file} has no require of its own any more`);
        return { contents, loader: 'js' };
      },
    );
  },
};

/**
 * @param {Record<string, string>} entries
 * @returns {import('esbuild').BuildOptions}
 */
function optionsFor(entries) {
  return {
    entryPoints: Object.entries(entries).map(([out, from]) => ({ in: path.join(root, from), out })),
    outdir: outDir,
    outExtension: { '.js': '.cjs' },
    chunkNames: 'part-[hash]',
    bundle: true,
    splitting: entries === programs,
    format: 'esm',
    write: false,
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: ['vscode'],
    define: { 'import.meta.url': '__importMetaUrl', 'import.meta.dirname': '__dirname' },
    minify: isProduction,
    // Class and function names show in the stacks of a development build; in what ships they would cost 60 kB.
    keepNames: !isProduction,
    sourcemap: isProduction ? false : 'linked',
    legalComments: 'none',
    logLevel: 'warning',
    // src/mcp/noElicitation.ts says why.
    plugins: [leaveOut(['ajv', 'ajv-formats']), oneRequire, writeCommonJs],
  };
}

if (!isWatching) await rm(outDir, { recursive: true, force: true });
await mkdir(outDir, { recursive: true });
await packShellGrammar();

for (const entries of [programs, inOneFile]) {
  if (isWatching) await (await context(optionsFor(entries))).watch();
  // esbuild has printed what is wrong; the other bundles may still be good.
  else await build(optionsFor(entries)).catch(() => (process.exitCode = 1));
}
