// Builds the extension and packs it. Works offline and asks nothing.
//   node scripts/package.mjs                     dist-vsix/holdfast.vsix, for any platform, without kept terminals
//   node scripts/package.mjs --target linux-x64  dist-vsix/holdfast-linux-x64.vsix, with what they need on that one
//   node scripts/package.mjs --target own        for this machine
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { runMain } from './support/main.mjs';
import { root, vsixFile } from './support/paths.mjs';
import { mustRun } from './support/run.mjs';

const sizeLimitBytes = 1024 * 1024;
/** For Windows the native parts bring a console of their own. */
const nativeLimitBytes = 4 * 1024 * 1024;
const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');

/** The names are those of vsce, and those of the packages with the native parts of node-pty. */
const targets = new Set(
  ['linux', 'darwin', 'win32'].flatMap((platform) => [`${platform}-x64`, `${platform}-arm64`]),
);

/** @param {{ isBuilt?: boolean, target?: string | undefined }} [options] */
export async function packageExtension({ isBuilt = false, target } = {}) {
  const build = [path.join(root, 'esbuild.mjs'), '--production'];
  if (!isBuilt) await mustRun(process.execPath, build, { cwd: root });
  const file = fileFor(target);
  await mkdir(path.dirname(file), { recursive: true });
  // The dependencies are inside the bundles; the rest answers what vsce would ask in a terminal.
  // The pictures of README.md are not in the package, and there is no address yet to take them from.
  const flags = [
    ...['--no-dependencies', '--allow-missing-repository', '--skip-license'],
    '--no-rewrite-relative-links',
    ...(target === undefined ? [] : ['--target', target]),
  ];
  const natives = path.join(root, 'dist/node_modules');
  await rm(natives, { recursive: true, force: true });
  if (target !== undefined) await copyNatives(target, natives);
  const output = await mustRun(process.execPath, [vsce, 'package', ...flags, '--out', file], {
    cwd: root,
    quiet: true,
  });
  const { size } = await stat(file);
  if (size > sizeLimitBytes + (target === undefined ? 0 : nativeLimitBytes)) {
    throw new Error(`The package has ${size} bytes, more than ${sizeLimitBytes}.\n${output}`);
  }
  console.log(`${path.relative(root, file)}: ${Math.ceil(size / 1024)} KiB`);
  return file;
}

/** The target that this machine is, if what it needs is installed here. */
export function ownTarget() {
  const target = `${process.platform}-${process.arch}`;
  return existsSync(nativeFolder(target)) ? target : undefined;
}

/** @param {string | undefined} target */
function fileFor(target) {
  return target === undefined ? vsixFile : vsixFile.replace(/\.vsix$/, `-${target}.vsix`);
}

/** @param {string} target */
function nativeFolder(target) {
  return path.join(root, `node_modules/@lydell/node-pty-${target}`);
}

/**
 * What cannot be bundled lies beside the bundles, where they find it.
 * @param {string} target
 * @param {string} folder
 */
async function copyNatives(target, folder) {
  if (!targets.has(target)) {
    throw new Error(`There is no target ${target}; there are ${[...targets].join(', ')}.`);
  }
  const native = nativeFolder(target);
  if (!existsSync(native)) {
    throw new Error(
      `${path.relative(root, native)} is missing: npm installs it on that platform, or with --cpu and --os.`,
    );
  }
  for (const source of [path.join(root, 'node_modules/@lydell/node-pty'), native]) {
    const to = path.join(folder, '@lydell', path.basename(source));
    await cp(source, to, { recursive: true });
  }
}

/**
 * Packages for this machine, or for any, unless the package is newer than all it is made of.
 * @param {{ isUniversal?: boolean }} [options]
 */
export async function ensurePackage({ isUniversal = false } = {}) {
  const target = isUniversal ? undefined : ownTarget();
  const file = fileFor(target);
  if (existsSync(file) && (await stat(file)).mtimeMs > (await newestSourceMs())) return file;
  return packageExtension({ target });
}

async function newestSourceMs() {
  const folders = ['src', 'media'].map((name) => path.join(root, name)).filter(existsSync);
  const files = ['package.json', 'package-lock.json', 'esbuild.mjs', '.vscodeignore', 'README.md'];
  const nested = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(folder, { recursive: true });
      return entries.map((name) => path.join(folder, name));
    }),
  );
  const all = [...files.map((name) => path.join(root, name)).filter(existsSync), ...nested.flat()];
  const times = await Promise.all(all.map(async (file) => (await stat(file)).mtimeMs));
  return Math.max(...times);
}

/** @param {readonly string[]} argv */
function targetIn(argv) {
  const at = argv.indexOf('--target');
  const named = at < 0 ? undefined : argv[at + 1];
  return named === 'own' ? ownTarget() : named;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await runMain(() => packageExtension({ target: targetIn(process.argv) }));
