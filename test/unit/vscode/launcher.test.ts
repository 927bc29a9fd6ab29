import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { refreshLauncher } from '../../../src/vscode/launcher.ts';
import { tempDir, type Cleanup } from '../../support/tempDir.ts';

const isWindows = process.platform === 'win32';

/** A home and a command line that says how it was called, both with a blank and a quote in their path. */
async function install(test: Cleanup) {
  const directory = await tempDir(test);
  const home = path.join(directory, "my home's");
  const cliScript = path.join(directory, "an extension's", 'cli.cjs');
  await mkdir(path.dirname(cliScript));
  await writeFile(
    cliScript,
    'console.log(JSON.stringify([process.env.ELECTRON_RUN_AS_NODE, ...process.argv.slice(2)]))',
  );
  return { home, cliScript, launcher: path.join(home, 'bin', 'holdfast') };
}

describe('the launcher of the command line', { skip: isWindows && 'it is a shell script' }, () => {
  it('starts the extension’s command line with the extension’s Node, and passes all words on', async (t) => {
    const { home, cliScript, launcher } = await install(t);
    refreshLauncher(home, { nodeExecutable: process.execPath, cliScript });
    const { stdout } = await execa(launcher, ['run', '--', 'two words', '']);
    assert.deepEqual(JSON.parse(stdout), ['1', 'run', '--', 'two words', '']);
    assert.equal((await stat(launcher)).mode & 0o777, 0o700);
  });

  it('uses the node on PATH when the extension’s is gone', async (t) => {
    const { home, cliScript, launcher } = await install(t);
    refreshLauncher(home, { nodeExecutable: '/gone/node', cliScript });
    const PATH = [path.dirname(process.execPath), process.env['PATH']].join(path.delimiter);
    const { stdout } = await execa(launcher, ['tasks'], { env: { PATH } });
    assert.match(stdout, /"tasks"/);
  });

  it('answers a hook by a bundle of its own, whatever Node is told to load first', async (t) => {
    const { home, cliScript, launcher } = await install(t);
    refreshLauncher(home, { nodeExecutable: process.execPath, cliScript });
    await writeFile(
      path.join(path.dirname(cliScript), 'hook.cjs'),
      'console.log(JSON.stringify(["by the hook", process.env.NODE_EXTRA_CA_CERTS ?? "none"]))',
    );
    const env = { NODE_OPTIONS: '--require /gone.cjs', NODE_EXTRA_CA_CERTS: '/many.pem' };
    const { stdout } = await execa(launcher, ['hook', 'SessionStart'], { env });
    assert.deepEqual(JSON.parse(stdout), ['by the hook', 'none']);
  });

  it('says what to do when there is no node at all', async (t) => {
    const { home, cliScript, launcher } = await install(t);
    refreshLauncher(home, { nodeExecutable: '/gone/node', cliScript });
    const result = await execa('/bin/sh', [launcher], { env: { PATH: '/gone' }, reject: false });
    assert.equal(result.exitCode, 1);
    assert.match(result.stderr, /install Node\.js/);
  });

  it('says what to do when the extension is gone', async (t) => {
    const { home, cliScript, launcher } = await install(t);
    refreshLauncher(home, { nodeExecutable: process.execPath, cliScript });
    await rm(cliScript);
    const result = await execa(launcher, ['tasks'], { reject: false });
    assert.equal(result.exitCode, 1);
    assert.match(result.stderr, /Open a window with Holdfast installed/);
  });

  it('is written anew for another extension, and left alone for the same', async (t) => {
    const { home, cliScript, launcher } = await install(t);
    const target = { nodeExecutable: process.execPath, cliScript };
    refreshLauncher(home, target);
    const { ino } = await stat(launcher);
    refreshLauncher(home, target);
    assert.equal((await stat(launcher)).ino, ino);
    refreshLauncher(home, { ...target, cliScript: '/newer/cli.cjs' });
    assert.match(await readFile(launcher, 'utf8'), /\/newer\/cli\.cjs/);
  });

  it('is not written into a home that others may write to', async (t) => {
    const { home, cliScript } = await install(t);
    await mkdir(home);
    await chmod(home, 0o777);
    assert.throws(
      () => {
        refreshLauncher(home, { nodeExecutable: process.execPath, cliScript });
      },
      { code: 'home.unsafe' },
    );
  });

  it('comes with a batch file on Windows', async (t) => {
    const { home } = await install(t);
    const target = {
      nodeExecutable: String.raw`C:\100%\Code.exe`,
      cliScript: String.raw`C:\cli.cjs`,
    };
    refreshLauncher(home, target, 'win32');
    const text = await readFile(path.join(home, 'bin', 'holdfast.cmd'), 'utf8');
    assert.match(text, /set "HOLDFAST_NODE=C:\\100%%\\Code\.exe"\r\n/);
  });
});
