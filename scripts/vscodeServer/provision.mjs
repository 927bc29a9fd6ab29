import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheDir } from '../support/paths.mjs';
import { mustRun, npm } from '../support/run.mjs';

/**
 * A real VS Code, as a server for a browser, taken from the npm registry: code-server ships VS Code
 * whole. Its own wrapper is left aside; we start VS Code's server itself.
 */
const codeServer = {
  version: '4.139.1', // VS Code 1.139.1
  integrity:
    'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
};
/** The Node release that this VS Code is made for. Packages of this name have no install script. */
const nodeVersion = '24.21.0';
const platformsWithNodePackage = ['linux-x64', 'linux-arm64'];

/** Parts no test uses, left out to start faster. They need services that are not there anyway. */
const unused = [
  'node_modules/@github',
  'node_modules/@microsoft/mxc-sdk',
  'extensions/copilot',
  'extensions/mermaid-markdown-features',
  'extensions/microsoft-authentication',
];

/** Count up when the steps below change, so that older installs are made anew. */
const recipe = 1;

/** @typedef {{ node: string, root: string, main: string }} VsCodeServerInstall */

/**
 * Installs the VS Code server in the project's cache folder, unless it is there already.
 * @returns {Promise<VsCodeServerInstall>}
 */
export async function ensureVsCodeServer() {
  const home = path.join(cacheDir, `server-${codeServer.version}-node-${nodeVersion}-${recipe}`);
  const stamp = path.join(home, 'complete.json');
  if (!existsSync(stamp)) await install(home, stamp);
  const root = path.join(home, 'vscode');
  await writeStandIns(root);
  return { node: nodeBinary(home), root, main: path.join(root, 'out/server-main.js') };
}

/**
 * Builds in a folder of its own and renames at the end: what has the final name is whole.
 * @param {string} home
 * @param {string} stamp
 */
async function install(home, stamp) {
  const startedAt = Date.now();
  console.log(`Installing the VS Code server (code-server ${codeServer.version})…`);
  await removeAbandonedInstalls();
  const draft = path.join(cacheDir, `installing-${process.pid}`);
  await rm(draft, { recursive: true, force: true });
  await mkdir(path.join(draft, 'node'), { recursive: true });
  await Promise.all([installVsCode(draft), installNode(draft)]);
  await writeFile(
    path.join(draft, path.basename(stamp)),
    JSON.stringify({ codeServer, nodeVersion }),
  );
  await rm(home, { recursive: true, force: true });
  await rename(draft, home).catch((error) => {
    // Another run of ours was faster; its result is as good.
    if (!existsSync(stamp)) throw error;
  });
  console.log(`Installed the VS Code server in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
}

/** @param {string} draft */
async function installVsCode(draft) {
  const root = path.join(draft, 'vscode');
  await mkdir(root);
  await npm(
    ['pack', '--silent', `code-server@${codeServer.version}`, '--pack-destination', draft],
    {
      quiet: true,
    },
  );
  const tarball = path.join(draft, `code-server-${codeServer.version}.tgz`);
  const digest = createHash('sha512')
    .update(await readFile(tarball))
    .digest('base64');
  if (`sha512-${digest}` !== codeServer.integrity) {
    throw new Error(`The package code-server ${codeServer.version} is not the one we know.`);
  }
  const inside = ['--strip-components=3', '-C', root, 'package/lib/vscode'];
  await mustRun('tar', ['-xzf', tarball, ...inside], { quiet: true });
  await rm(tarball);
  // The versions come from the shrinkwrap inside; "npm ci" does not accept it.
  const flags = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await npm(['install', '--prefix', root, ...flags], { cwd: root, quiet: true });
  for (const part of unused) await rm(path.join(root, part), { recursive: true, force: true });
}

/** @param {string} draft */
async function installNode(draft) {
  const platform = `${process.platform}-${process.arch}`;
  if (!platformsWithNodePackage.includes(platform)) {
    if (Number(process.versions.node.split('.')[0]) >= 22) return;
    throw new Error(`The VS Code server needs Node 22 or later on ${platform}.`);
  }
  const prefix = path.join(draft, 'node');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await npm(['install', '--prefix', prefix, ...flags, `node-${platform}@${nodeVersion}`], {
    cwd: prefix,
    quiet: true,
  });
}

/** @param {string} home */
function nodeBinary(home) {
  const name = `node-${process.platform}-${process.arch}`;
  const own = path.join(home, 'node/node_modules', name, 'bin/node');
  return existsSync(own) ? own : process.execPath;
}

/**
 * Native modules whose binaries would have to be compiled get a stand-in. Written on each call, so
 * that a changed stand-in takes effect without a new install.
 * @param {string} root
 */
async function writeStandIns(root) {
  /** @type {[string, string][]} */
  const standIns = [
    ['spdlogShim.cjs', '@vscode/spdlog/index.js'],
    ['watchdogShim.cjs', '@vscode/native-watchdog/index.js'],
  ];
  for (const [from, to] of standIns) {
    const target = path.join(root, 'node_modules', to);
    await mkdir(path.dirname(target), { recursive: true });
    await copyFile(path.join(import.meta.dirname, from), target);
  }
}

/** Removes what interrupted installs left, but not the draft of one that runs now. */
async function removeAbandonedInstalls() {
  await mkdir(cacheDir, { recursive: true });
  for (const name of await readdir(cacheDir)) {
    const pid = Number(/^installing-(\d+)$/.exec(name)?.[1]);
    if (!pid || isRunning(pid)) continue;
    await rm(path.join(cacheDir, name), { recursive: true, force: true });
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
