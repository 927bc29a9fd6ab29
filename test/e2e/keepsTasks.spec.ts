import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { waitFor } from '../support/waitFor.ts';
import type { EditorWindow } from './pages/editorWindow.ts';
import { launchEditor, type Editor } from './support/editor.ts';

const SLOW = { deadlineMs: 30_000 };

async function runTask(window: EditorWindow, line: string): Promise<void> {
  await window.commandPalette.run('Holdfast: Run Background Task…');
  await window.quickInput.answer(line);
}

async function showTasks(window: EditorWindow): Promise<void> {
  await window.activityBar.open('Holdfast');
  await window.view('Background Tasks').waitUntilVisible();
}

async function untilRow(window: EditorWindow, pattern: RegExp): Promise<string> {
  const view = window.view('Background Tasks');
  return waitFor(async () => (await view.rowTexts()).find((text) => pattern.test(text)), {
    ...SLOW,
    describe: `a row like ${String(pattern)}`,
  });
}

/** Until the extension host is up, the view says only that nobody provides for it. */
async function untilWelcome(window: EditorWindow, pattern: RegExp): Promise<void> {
  const view = window.view('Background Tasks');
  await waitFor(async () => pattern.test(await view.welcomeText()), {
    ...SLOW,
    describe: `a welcome like ${String(pattern)}`,
  });
}

async function untilOutput(window: EditorWindow, pattern: RegExp): Promise<void> {
  await waitFor(async () => pattern.test(await window.output.text()), {
    ...SLOW,
    describe: `output like ${String(pattern)}`,
  });
}

async function untilToast(window: EditorWindow, pattern: RegExp): Promise<string> {
  return waitFor(
    async () => (await window.notifications.messages()).find((text) => pattern.test(text)),
    { ...SLOW, describe: `a notification like ${String(pattern)}` },
  );
}

/** Runs the command line that a terminal of this editor would find on its PATH. */
async function holdfast(editor: Editor, ...argv: string[]): Promise<string> {
  const launcher = path.join(editor.home, 'bin', 'holdfast');
  const env = { HOLDFAST_HOME: editor.home };
  const { stdout } = await execa(launcher, argv, { cwd: editor.workspace, env });
  return stdout;
}

/** Files that a test touches to let a task go on. */
async function gate(): Promise<{ line: string; open(): Promise<void> }> {
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'hf-gate-')), 'open');
  return {
    line: `while [ ! -e '${file}' ]; do sleep 0.1; done`,
    open: () => writeFile(file, ''),
  };
}

describe('a background task in the editor', () => {
  it('starts from the palette, streams into its channel and shows in tree and status bar', async (t) => {
    const editor = await launchEditor(t);
    const window = await editor.openWindow();
    await showTasks(window);
    await untilWelcome(window, /Run Background Task/);
    await window.screenshot('tasks-empty');

    await runTask(window, 'for i in 1 2 3; do echo "line $i"; done; sleep 600');
    await untilOutput(window, /line 1\n(.*\n)*line 3/);
    await untilRow(window, /bash_1.*line 3/);
    await waitFor(async () => (await window.statusBar.holdfastTexts()).join(' ').includes('1'), {
      ...SLOW,
      describe: 'one running task in the status bar',
    });
    await waitFor(async () => (await window.activityBar.badge('Holdfast')) === '1', {
      ...SLOW,
      describe: 'the badge',
    });
    await window.screenshot('tasks-running');

    await window.view('Background Tasks').clickInlineAction('bash_1', 'Kill');
    await untilRow(window, /bash_1.*killed/i);
    await window.screenshot('tasks-killed');
  });

  it('goes on through reload, a killed extension host and a restart, and is summed up on return', async (t) => {
    const editor = await launchEditor(t);
    const first = await gate();
    const window = await editor.openWindow();
    await showTasks(window);
    await runTask(window, `echo before; ${first.line}; echo after; exit 3`);
    await untilOutput(window, /before/);
    await runTask(window, 'echo server up; sleep 600');
    await untilOutput(window, /server up/);

    await window.reload();
    await showTasks(window);
    await untilRow(window, /bash_1.*before/);
    await untilRow(window, /bash_2.*server up/);

    await editor.killExtensionHosts();
    await untilRow(window, /bash_2.*server up/);

    await window.close();
    await editor.restart({ crash: true });
    await first.open();
    await waitFor(async () => /"exitCode": ?3/.test(await holdfast(editor, 'tasks', '--json')), {
      ...SLOW,
      describe: 'the end of bash_1 on record',
    });

    const back = await editor.openWindow();
    const summary = await untilToast(back, /While you were away/);
    assert.match(summary, /bash_1 failed \(exit 3\)/);
    await back.screenshot('while-away');
    await showTasks(back);
    await untilRow(back, /bash_1.*exit 3/);
    await untilRow(back, /bash_2.*server up/);
    await back.view('Background Tasks').row('bash_1').click();
    await untilOutput(back, /before\n(.*\n)*after/);
    await back.screenshot('tasks-after-restart');
  });

  it('shows by itself what a terminal starts, and the terminal sees what the editor started', async (t) => {
    const editor = await launchEditor(t);
    const window = await editor.openWindow();
    await showTasks(window);
    await waitFor(() => existsSync(path.join(editor.home, 'bin', 'holdfast')), SLOW);
    const started = JSON.parse(
      await holdfast(editor, 'run', '--json', '--', 'echo from the terminal; sleep 600'),
    ) as { id: string };
    assert.equal(started.id, 'bash_1');
    await waitFor(
      async () => (await window.view('Background Tasks').rowTexts()).some((t) => /bash_1/.test(t)),
      // Within a second, on a machine that has nothing else to do.
      { describe: 'the row of bash_1' },
    );
    await runTask(window, 'echo from the editor; sleep 600');
    await untilRow(window, /bash_2.*from the editor/);
    assert.match(await holdfast(editor, 'output', 'bash_2'), /from the editor/);
    await holdfast(editor, 'kill', '--all');
    await untilRow(window, /bash_1.*killed/i);
    await untilRow(window, /bash_2.*killed/i);
  });

  it('is started by the command line that a terminal of the editor has on its PATH', async (t) => {
    const editor = await launchEditor(t);
    const window = await editor.openWindow();
    await showTasks(window);
    await untilWelcome(window, /Run Background Task/);
    await window.commandPalette.run('Terminal: Create New Terminal');
    await window.page.locator('.terminal-wrapper.active .xterm-helper-textarea').focus();
    await window.page.keyboard.type("holdfast run -- 'echo typed in a terminal; sleep 600'\n");
    await untilRow(window, /bash_1.*typed in a terminal/);
    await window.screenshot('terminal');
  });

  it('tells of a failure with buttons, and restarts under the same id', async (t) => {
    const editor = await launchEditor(t);
    const window = await editor.openWindow();
    await showTasks(window);
    await runTask(window, 'echo run; sleep 1; exit 4');
    await untilToast(window, /bash_1.*(exit 4|failed)/);
    await window.screenshot('task-failed');
    await window.notifications.clickButton('bash_1', 'Restart');
    await untilRow(window, /bash_1.*exit 4/);
    await untilOutput(window, /run\n(.*\n)*.*run/);
    const [task] = JSON.parse(await holdfast(editor, 'tasks', '--json')) as { id: string }[];
    assert.equal(task?.id, 'bash_1');
  });

  it('lists tasks from the status bar, and kills all except some', async (t) => {
    const editor = await launchEditor(t);
    const window = await editor.openWindow();
    await showTasks(window);
    for (const name of ['alpha', 'beta', 'gamma']) await runTask(window, `echo ${name}; sleep 600`);
    await untilRow(window, /bash_3.*gamma/);
    await window.statusBar.holdfastItems('tasks').click();
    await window.quickInput.waitUntilOpen();
    await window.screenshot('tasks-list');
    const labels = await window.quickInput.labels();
    assert.ok(
      labels.some((label) => /bash_3/.test(label)),
      labels.join(', '),
    );
    await window.quickInput.cancel();
  });

  it('can be seen and ended, but not started, in an untrusted workspace', async (t) => {
    const editor = await launchEditor(t, { restrictedMode: true });
    const window = await editor.openWindow();
    await window.dialog.click('No, I don').catch(() => undefined);
    await showTasks(window);
    await untilWelcome(window, /trust/i);
    await window.screenshot('tasks-untrusted');
  });
});
