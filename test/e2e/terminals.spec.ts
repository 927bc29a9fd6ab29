import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { ensurePackage } from '../../scripts/package.mjs';
import { installVsix } from '../../scripts/vscodeServer.mjs';
import { endHomeProcesses, HOME_MARK } from '../support/homeProcesses.ts';
import { tempDir } from '../support/tempDir.ts';
import { waitFor } from '../support/waitFor.ts';
import { launchEditor, type Editor } from './support/editor.ts';
import type { EditorWindow } from './pages/editorWindow.ts';
import type { SideBarView } from './pages/sideBarView.ts';
import { readableTerminals } from './pages/terminalPanel.ts';

const SLOW = { deadlineMs: 30_000 };
const settings = {
  ...readableTerminals,
  // What a test types into has no prompt or start-up of its own.
  'holdfast.tasks.shell': '/bin/sh',
};

function tasks(window: EditorWindow): SideBarView {
  return window.view('Background Tasks');
}

async function showTasks(window: EditorWindow): Promise<void> {
  await window.activityBar.open('Holdfast');
  await tasks(window).waitUntilVisible();
}

async function untilRow(window: EditorWindow, pattern: RegExp): Promise<void> {
  await waitFor(async () => (await tasks(window).rowTexts()).some((text) => pattern.test(text)), {
    ...SLOW,
    describe: `a row like ${String(pattern)}`,
  });
}

async function tasksOf(editor: Editor): Promise<{ id: string; status: string }[]> {
  const launcher = path.join(editor.home, 'bin', 'holdfast');
  const env = { HOLDFAST_HOME: editor.home };
  const { stdout } = await execa(launcher, ['tasks', '--json'], { cwd: editor.workspace, env });
  return JSON.parse(stdout) as { id: string; status: string }[];
}

/** Gives the shell something to remember, and something to show. */
async function leaveMarks(window: EditorWindow, word: string): Promise<void> {
  await window.terminal.type(`remembered=${word}; printf '\\033[32mgreen %s\\033[0m\\n' leaves\n`);
  await window.terminal.untilText(/^green leaves$/m);
}

async function untilOnly(window: EditorWindow, name: string): Promise<void> {
  await waitFor(async () => (await window.terminal.names()).join('|') === name, {
    ...SLOW,
    describe: `no terminal but ${name}`,
  });
}

/** With a word for the round, as what earlier rounds wrote is still to be seen. */
async function untilMarksAreThere(
  window: EditorWindow,
  word: string,
  round: string,
): Promise<void> {
  await window.terminal.select('bash_1', /^green leaves$/m);
  await window.terminal.type(`echo "${round}: $remembered"\n`);
  await window.terminal.untilText(new RegExp(`^${round}: ${word}$`, 'm'));
}

describe('a kept terminal in the editor', () => {
  it('opens a shell and is there again, as it was, after a reload', async (t) => {
    const editor = await launchEditor(t, { settings });
    const window = await editor.openWindow();
    await showTasks(window);
    await window.commandPalette.run('Holdfast: New Kept Terminal');
    await window.terminal.untilText(/[$#] ?$/m);
    await leaveMarks(window, 'reload');
    await window.screenshot('terminals-before-reload');

    await window.reload();
    await window.terminal.untilText(/^green leaves$/m);
    await window.screenshot('terminals-after-reload');
    await untilOnly(window, 'bash_1: sh');
    await untilMarksAreThere(window, 'reload', 'reloaded');

    await window.terminal.type('exit\n');
    await waitFor(async () => (await tasksOf(editor))[0]?.status === 'completed', SLOW);
    await waitFor(async () => !(await window.terminal.names()).join().includes('bash_1'), {
      ...SLOW,
      describe: 'a panel without the shell that has ended',
    });
  });

  it('outlives the extension host, the window and the editor', async (t) => {
    const editor = await launchEditor(t, { settings });
    const window = await editor.openWindow();
    await showTasks(window);
    await window.commandPalette.run('Holdfast: New Kept Terminal');
    await window.terminal.untilText(/[$#] ?$/m);
    await leaveMarks(window, 'all');

    await window.terminal.untilReplacedAfter(() => editor.killExtensionHosts());
    await untilOnly(window, 'bash_1: sh');
    await untilMarksAreThere(window, 'all', 'host killed');

    await window.close();
    const second = await editor.openWindow();
    await untilMarksAreThere(second, 'all', 'window closed');

    await editor.restart({ crash: true });
    const third = await editor.openWindow();
    await untilMarksAreThere(third, 'all', 'editor killed');
    await showTasks(third);
    await third.screenshot('terminals-after-restart');
    assert.deepEqual(
      (await tasksOf(editor)).map(({ id, status }) => [id, status]),
      [['bash_1', 'running']],
    );
  });

  it('is opened from the menu of profiles like any other', async (t) => {
    const editor = await launchEditor(t, { settings });
    const window = await editor.openWindow();
    await showTasks(window);
    await window.commandPalette.run('Terminal: Create New Terminal');
    await window.terminal.untilText(/[$#] ?$/m);
    await window.terminal.openWithProfile('Holdfast (kept)');
    await window.terminal.untilInFront('bash_1: sh');
    await window.terminal.untilText(/[$#] ?$/m);
    await untilRow(window, /bash_1/);
    await window.terminal.type('echo "this is $HOLDFAST_TASK_ID"\n');
    await window.terminal.untilText(/^this is bash_1$/m);
    await window.screenshot('terminals-profile');
  });

  it('shows an interactive task again after it was closed, from the tree', async (t) => {
    const editor = await launchEditor(t, { settings });
    const window = await editor.openWindow();
    await showTasks(window);
    await window.commandPalette.run('Holdfast: Run Interactive Task…');
    await window.quickInput.answer("printf 'name? '; read name; echo hello $name; exec sleep 600");
    await window.terminal.untilText(/^name\?/m);
    await untilRow(window, /bash_1/);

    await window.commandPalette.run('Terminal: Kill the Active Terminal Instance');
    await waitFor(async () => (await window.terminal.names()).length === 0, SLOW);
    assert.equal((await tasksOf(editor))[0]?.status, 'running');

    await tasks(window).clickInlineAction('bash_1', 'Attach');
    await window.terminal.untilText(/^name\?/m);
    await window.terminal.type('you\n');
    await window.terminal.untilText(/^hello you$/m);
    await window.screenshot('terminals');
  });

  it('needs the package for its platform; the one for all says so and does the rest', async (t) => {
    const installed = await tempDir(t, 'hf-e2e-');
    await installVsix(await ensurePackage({ isUniversal: true }), { serverDataDir: installed });
    const extensions = path.join(installed, 'extensions');
    const [folder = ''] = (await readdir(extensions)).filter((name) =>
      name.startsWith('holdfast.'),
    );
    const cli = path.join(extensions, folder, 'dist/cli.cjs');
    const home = path.join(installed, 'home');
    const env = { HOLDFAST_HOME: home, [HOME_MARK]: home };
    t.after(() => endHomeProcesses(home));
    const run = (...flags: string[]) =>
      execa(process.execPath, [cli, 'run', ...flags, '--', 'echo plain'], {
        cwd: installed,
        env,
        reject: false,
      });
    const refused = await run('--tty');
    assert.equal(refused.exitCode, 1);
    assert.match(refused.stderr, /no kept terminals for .*Install the build for your platform/s);
    assert.equal((await run()).exitCode, 0);
  });
});
