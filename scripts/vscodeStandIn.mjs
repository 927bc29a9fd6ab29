#!/usr/bin/env node
// Takes the flags that @vscode/test-electron gives to the desktop's executable, and serves them
// with a VS Code server and a headless browser. The exit code is that of the tests inside.
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { format, parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { folderUrl, installVsix, packFolder, startVsCodeServer } from './vscodeServer.mjs';
import { chromiumArguments, ensureChromium } from './vscodeServer/chromium.mjs';

// For a window that never answers: each test has a limit of its own, and all of them take minutes on a busy machine.
const { HOLDFAST_HOST_TIMEOUT_MS: limit = '1200000' } = process.env;
const timeoutMs = Number(limit);
const interrupted = 130;
const timedOut = 124;

const { values, positionals } = parseArgs({
  // The desktop's other flags mean nothing here and are let through.
  strict: false,
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: 'string', multiple: true },
    extensionTestsPath: { type: 'string' },
    'user-data-dir': { type: 'string' },
    'extensions-dir': { type: 'string' },
  },
});

/** @param {unknown} value */
const asText = (value) => (typeof value === 'string' ? value : undefined);

/** The server takes one extension from its folder; others are packed and installed. */
const [extensionDevelopmentPath, ...otherExtensions] = [
  values['extensionDevelopmentPath'] ?? [],
].flat();

const scratch = await mkdtemp(path.join(os.tmpdir(), 'holdfast-vscode-'));
const folder = path.resolve(positionals[0] ?? scratch);
const serverDataDir = path.join(asText(values['user-data-dir']) ?? scratch, 'server');

/** The desktop reads settings from elsewhere in its data folder; the caller need not know. */
async function adoptSettings() {
  const desktop = path.join(asText(values['user-data-dir']) ?? scratch, 'User/settings.json');
  if (!existsSync(desktop)) return;
  await mkdir(path.join(serverDataDir, 'data/User'), { recursive: true });
  await copyFile(desktop, path.join(serverDataDir, 'data/User/settings.json'));
}

/** @param {string} url */
function startPayload(url) {
  /** @type {Record<string, string>} */
  const payload = {};
  const paths = {
    extensionDevelopmentPath: asText(extensionDevelopmentPath),
    extensionTestsPath: asText(values['extensionTestsPath']),
  };
  for (const [name, value] of Object.entries(paths)) {
    if (value) payload[name] = `vscode-remote://${new URL(url).host}${path.resolve(value)}`;
  }
  return payload;
}

/** @param {unknown[]} parts */
function printLog(parts) {
  // Only browsers know %c, their mark for a style.
  const isStyled = typeof parts[0] === 'string' && parts[0].startsWith('%c');
  process.stdout.write(`${isStyled ? format(String(parts[0]).slice(2)) : format(...parts)}\n`);
}

/** Whatever ends first: the tests, the time, the window, or the patience of who started us. */
const { promise: ending, resolve: end } = withResolvers();

/** @returns {{ promise: Promise<number>, resolve: (code: number) => void }} */
function withResolvers() {
  /** @type {(code: number) => void} */
  let resolve = () => {};
  /** @type {Promise<number>} */
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => end(interrupted));
}
const timer = setTimeout(() => {
  process.stderr.write(`No result from the window within ${timeoutMs} ms.\n`);
  end(timedOut);
}, timeoutMs);
// If our parent is killed nobody wants the result any more.
const parent = process.ppid;
const parentCheck = setInterval(() => process.ppid !== parent && end(interrupted), 1000);

/** @type {(() => Promise<unknown>)[]} */
const closers = [() => rm(scratch, { recursive: true, force: true })];

async function openWindow() {
  const executablePath = await ensureChromium();
  await adoptSettings();
  for (const [index, folder] of otherExtensions.entries()) {
    const vsix = path.join(scratch, `other-${index}.vsix`);
    await packFolder(String(folder), vsix);
    const extensionsDir = asText(values['extensions-dir']);
    await installVsix(vsix, { serverDataDir, ...(extensionsDir && { extensionsDir }) });
  }
  const server = await startVsCodeServer({
    serverDataDir,
    extensionsDir: asText(values['extensions-dir']),
    smokeTestDriver: true,
  });
  closers.unshift(() => server.stop());
  const browser = await chromium.launch({
    executablePath,
    args: chromiumArguments,
    // Signals are handled above, so that the window closes before the browser does.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  closers.unshift(() => browser.close());
  browser.once('disconnected', () => end(1));
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  // Closing the page first lets the extension host deactivate at once.
  closers.unshift(() => page.close());
  page.once('crash', () => end(1));
  await page.exposeFunction(
    'codeAutomationLog',
    (/** @type {string} */ _type, /** @type {unknown[]} */ parts) => printLog(parts),
  );
  await page.exposeFunction('codeAutomationExit', (/** @type {number} */ code) => end(code));
  await page.goto(folderUrl(server.url, folder, startPayload(server.url)));
}

const opening = openWindow().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  end(1);
});
const code = await ending;
clearTimeout(timer);
clearInterval(parentCheck);
// A start that is still under way would leave behind what it starts next.
await opening;
for (const close of closers)
  await close().catch((/** @type {unknown} */ error) => console.error(error));
process.exit(code);
