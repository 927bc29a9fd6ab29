// A real VS Code without a desktop: the server, to be opened in a browser.
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { descendantsOf, trySignal, waitUntilGone } from './support/processes.mjs';
import { root } from './support/paths.mjs';
import { mustRun } from './support/run.mjs';
import { ensureVsCodeServer } from './vscodeServer/provision.mjs';

/**
 * @typedef {object} ServerOptions
 * @property {string} serverDataDir settings, storage, extensions and logs of this server
 * @property {number} [port] 0, the default, takes a free one
 * @property {string | undefined} [extensionsDir]
 * @property {boolean} [smokeTestDriver] lets a page name an extension under development and its
 *   tests; suppresses notification toasts
 * @property {boolean} [restrictedMode] leaves workspace trust on, so a new folder is not trusted
 * @property {number} [graceSeconds] how long the extension host of a lost window is kept
 * @property {boolean} [endsWhenUnused] ends five minutes after the last window, which is the default:
 *   should we be killed, it will not run for ever
 * @property {NodeJS.ProcessEnv} [env] added to our own environment
 * @property {string} [logFile] where the server's own words go
 */

/** @typedef {{ url: string, port: number, pid: number, stop: () => Promise<void> }} VsCodeServer */

const startDeadlineMs = 60_000;

/** @param {ServerOptions} options */
function serverArguments({ serverDataDir, port = 0, extensionsDir, ...options }) {
  return [
    ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'],
    ...['--accept-server-license-terms', '--telemetry-level', 'off'],
    ...['--server-data-dir', serverDataDir],
    ...['--reconnection-grace-time', String(options.graceSeconds ?? 5)],
    ...(extensionsDir ? ['--extensions-dir', extensionsDir] : []),
    ...(options.smokeTestDriver ? ['--enable-smoke-test-driver'] : []),
    ...(options.endsWhenUnused === false ? [] : ['--enable-remote-auto-shutdown']),
    ...(options.restrictedMode ? [] : ['--disable-workspace-trust']),
  ];
}

/**
 * The environment for a VS Code of its own: without what an editor, whose terminal we may run in,
 * left for its own processes.
 * @param {NodeJS.ProcessEnv} [added]
 */
function cleanEnvironment(added = {}) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|NODE_TEST_CONTEXT$|npm_)/.test(name),
  );
  return { ...Object.fromEntries(kept), ...added };
}

/**
 * @param {ServerOptions} options
 * @returns {Promise<VsCodeServer>}
 */
export async function startVsCodeServer(options) {
  const install = await ensureVsCodeServer();
  await mkdir(options.serverDataDir, { recursive: true });
  const child = spawn(install.node, [install.main, ...serverArguments(options)], {
    env: cleanEnvironment(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A Ctrl+C in our terminal is ours to handle, so that everything ends in order.
    detached: process.platform !== 'win32',
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error('The VS Code server could not be started.');
  const log = createWriteStream(options.logFile ?? path.join(options.serverDataDir, 'server.log'));
  child.stderr.pipe(log, { end: false });
  child.stdout.pipe(log, { end: false });
  child.once('close', () => log.end());
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const port = await listeningPort(child).catch(async (error) => {
    await stopServer(pid, install.root);
    throw error;
  });
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid,
    stop: async () => {
      await stopServer(pid, install.root);
      await exited;
    },
  };
}

/**
 * @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} child
 * @returns {Promise<number>}
 */
function listeningPort(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => fail('did not start in time'), startDeadlineMs);
    /** @param {string} what */
    const fail = (what) => {
      clearTimeout(timer);
      reject(new Error(`The VS Code server ${what}.\n${output.slice(-2000)}`));
    };
    child.once('exit', (code) => fail(`ended with exit code ${String(code)}`));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output = (output + String(chunk)).slice(-10_000);
        const match = /agent listening on (\d+)/.exec(output);
        if (!match) return;
        clearTimeout(timer);
        resolve(Number(match[1]));
      });
    }
  });
}

/**
 * Ends the server and the processes that are VS Code's own. What an extension started on purpose to
 * outlive the window is not ours to end.
 * @param {number} pid
 * @param {string} installRoot
 */
async function stopServer(pid, installRoot) {
  const own = (await descendantsOf(pid)).filter(({ command }) => command.includes(installRoot));
  trySignal(pid, 'SIGTERM');
  // Extension hosts notice that their server is gone, and get 5 s for their deactivate(). Watchers and
  // the like have nothing to save, and would take as long to notice.
  await waitUntilGone(own.filter(isExtensionHost), 8000);
  for (const left of await waitUntilGone(own, 0)) trySignal(left.pid, 'SIGKILL');
  trySignal(pid, 'SIGKILL');
}

/** @param {import('./support/processes.mjs').Process} process */
export function isExtensionHost({ command }) {
  return command.includes('--type=extensionHost');
}

/**
 * Packs an extension of the tests, which lies ready in a folder.
 * @param {string} folder
 * @param {string} vsixFile
 */
export async function packFolder(folder, vsixFile) {
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  const flags = ['--no-dependencies', '--allow-missing-repository', '--skip-license'];
  await mustRun(process.execPath, [vsce, 'package', ...flags, '--out', vsixFile], {
    cwd: folder,
    quiet: true,
  });
}

/**
 * Installs a packaged extension for a server that has not been started yet.
 * @param {string} vsixFile
 * @param {{ serverDataDir: string, extensionsDir?: string }} target
 */
export async function installVsix(vsixFile, { serverDataDir, extensionsDir }) {
  const install = await ensureVsCodeServer();
  await mkdir(serverDataDir, { recursive: true });
  const target = ['--accept-server-license-terms', '--server-data-dir', serverDataDir];
  if (extensionsDir) target.push('--extensions-dir', extensionsDir);
  await mustRun(
    install.node,
    [install.main, ...target, '--force', '--install-extension', vsixFile],
    {
      env: cleanEnvironment(),
      quiet: true,
    },
  );
}

/** Calm defaults: no welcome pages, and no second side bar beside the views under test. */
export const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'chat.commandCenter.enabled': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'telemetry.telemetryLevel': 'off',
};

/**
 * @param {string} serverDataDir
 * @param {Record<string, unknown>} settings
 */
export async function writeUserSettings(serverDataDir, settings) {
  const folder = path.join(serverDataDir, 'data/User');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'settings.json'), JSON.stringify(settings, undefined, 2));
}

/**
 * The address that opens a folder, or what a `.code-workspace` file names. The payload is VS Code's own way to pass start options to a page.
 * @param {string} serverUrl
 * @param {string} folder
 * @param {Record<string, string>} [payload]
 */
export function folderUrl(serverUrl, folder, payload = {}) {
  const url = new URL(serverUrl);
  url.searchParams.set(folder.endsWith('.code-workspace') ? 'workspace' : 'folder', folder);
  url.searchParams.set(
    'payload',
    JSON.stringify([['skipWelcome', 'true'], ...Object.entries(payload)]),
  );
  return url.href;
}
