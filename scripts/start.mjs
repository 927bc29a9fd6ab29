// Opens a real VS Code with Holdfast in it, on a machine that has no more than Node and npm.
//   npm start [-- DIR]       opens DIR, else a sample folder
//   npm start -- --check     starts the VS Code server, sees whether it answers, and ends
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hasDisplay } from './support/display.mjs';
import { ensureDependencies } from './support/install.mjs';
import { runMain } from './support/main.mjs';
import { cacheDir, root } from './support/paths.mjs';
import { mustRun, run } from './support/run.mjs';

const isCheck = process.argv.includes('--check');
const wanted = process.argv.slice(2).find((argument) => !argument.startsWith('-'));

async function chooseFolder() {
  // npm changes to the package's folder; what was typed is relative to where it was typed.
  const { INIT_CWD: typedIn = process.cwd() } = process.env;
  if (wanted !== undefined) {
    const folder = path.resolve(typedIn, wanted);
    if (!existsSync(folder)) throw new Error(`There is no folder "${folder}".`);
    return folder;
  }
  const sample = path.join(cacheDir, 'sample');
  await mkdir(sample, { recursive: true });
  await writeFile(
    path.join(sample, 'ticks.mjs'),
    'let count = 0;\nsetInterval(() => console.log(`tick ${(count += 1)}`), 1000);\n',
  );
  return sample;
}

/** @param {string} folder */
async function openInstalledDesktop(folder) {
  // In a terminal of a remote window, "code" only opens files in that window.
  const { VSCODE_IPC_HOOK_CLI: remoteWindow } = process.env;
  if (!hasDisplay() || remoteWindow) return false;
  const { code } = await run('code', ['--version'], { quiet: true }).catch(() => ({ code: 1 }));
  if (code !== 0) return false;
  console.log(`Opening ${folder} in VS Code.`);
  const flags = ['--new-window', `--extensionDevelopmentPath=${root}`];
  return (await run('code', [...flags, folder])).code === 0;
}

/** @param {string} folder */
async function openDownloadedDesktop(folder) {
  if (!hasDisplay()) return false;
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  const executable = await downloadAndUnzipVSCode({ timeout: 10_000 }).catch(() => undefined);
  if (executable === undefined) return false;
  console.log(`Opening ${folder} in ${executable}.`);
  const flags = [`--extensionDevelopmentPath=${root}`, `--user-data-dir=${cacheDir}/start-desktop`];
  if (process.getuid?.() === 0) flags.push('--no-sandbox');
  return (await run(executable, [...flags, folder])).code === 0;
}

/** @param {string} folder */
async function openInBrowser(folder) {
  const { ownTarget, packageExtension } = await import('./package.mjs');
  const vscode = await import('./vscodeServer.mjs');
  const serverDataDir = path.join(cacheDir, isCheck ? 'check-data' : 'start-data');
  if (!existsSync(path.join(serverDataDir, 'data/User/settings.json'))) {
    await vscode.writeUserSettings(serverDataDir, vscode.quietSettings);
  }
  await vscode.installVsix(await packageExtension({ isBuilt: true, target: ownTarget() }), {
    serverDataDir,
  });
  const server = await vscode.startVsCodeServer({
    serverDataDir,
    // Of a folder of the user's own, VS Code asks whether it is trusted, as it always does.
    restrictedMode: wanted !== undefined,
    graceSeconds: 60,
    endsWhenUnused: false,
  });
  const url = vscode.folderUrl(server.url, folder);
  const isAnswering = (await fetch(url)).ok;
  if (isCheck || !isAnswering) {
    await server.stop();
    console.log(isAnswering ? `VS Code with Holdfast answered at ${url}` : 'No answer.');
    process.exit(isAnswering ? 0 : 1);
  }
  console.log(`\nVS Code with Holdfast: ${url}\nPress Ctrl+C to stop.`);
  openAddress(url);
  await new Promise((resolve) => {
    // Not "once": a second Ctrl+C must not end us before the server has ended.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, resolve);
  });
  await server.stop();
}

/** @param {string} url */
function openAddress(url) {
  if (!hasDisplay()) return;
  const opener = { darwin: 'open', win32: 'explorer' }[String(process.platform)] ?? 'xdg-open';
  // Without an opener the printed address has to do.
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .once('error', () => {})
    .unref();
}

await runMain(async () => {
  await ensureDependencies();
  // The desktop runs what is in dist; the browser's VS Code gets it as a package.
  await mustRun(process.execPath, [path.join(root, 'esbuild.mjs'), '--production']);
  const folder = await chooseFolder();
  const isOpen =
    !isCheck && ((await openInstalledDesktop(folder)) || (await openDownloadedDesktop(folder)));
  if (!isOpen) await openInBrowser(folder);
});
process.exit(0);
