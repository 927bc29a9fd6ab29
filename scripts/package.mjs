// Builds the extension and packs it as dist-vsix/holdfast.vsix. Works offline and asks nothing.
import { existsSync } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { runMain } from './support/main.mjs';
import { root, vsixFile } from './support/paths.mjs';
import { mustRun } from './support/run.mjs';

const sizeLimitBytes = 1024 * 1024;
const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');

export async function packageExtension({ isBuilt = false } = {}) {
  const build = [path.join(root, 'esbuild.mjs'), '--production'];
  if (!isBuilt) await mustRun(process.execPath, build, { cwd: root });
  await mkdir(path.dirname(vsixFile), { recursive: true });
  // The dependencies are inside the bundles; the rest answers what vsce would ask in a terminal.
  // The pictures of README.md are not in the package, and there is no address yet to take them from.
  const flags = [
    ...['--no-dependencies', '--allow-missing-repository', '--skip-license'],
    '--no-rewrite-relative-links',
  ];
  const output = await mustRun(process.execPath, [vsce, 'package', ...flags, '--out', vsixFile], {
    cwd: root,
    quiet: true,
  });
  const { size } = await stat(vsixFile);
  if (size > sizeLimitBytes) {
    throw new Error(`The package has ${size} bytes, more than ${sizeLimitBytes}.\n${output}`);
  }
  console.log(`${path.relative(root, vsixFile)}: ${Math.ceil(size / 1024)} KiB`);
  return vsixFile;
}

/** Packages unless the package is newer than all it is made of. */
export async function ensurePackage() {
  if (existsSync(vsixFile) && (await stat(vsixFile)).mtimeMs > (await newestSourceMs()))
    return vsixFile;
  return packageExtension();
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

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await runMain(() => packageExtension());
