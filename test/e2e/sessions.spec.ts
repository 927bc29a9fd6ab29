import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { waitFor } from '../support/waitFor.ts';
import type { EditorWindow } from './pages/editorWindow.ts';
import { launchEditor, type Editor } from './support/editor.ts';

const SLOW = { deadlineMs: 30_000 };

/** It fades in, and would be half there in a picture. */
const openedQuickInput =
  "getComputedStyle(document.querySelector('.quick-input-widget')).opacity === '1'";

/** Runs the command line that a terminal of this editor would find on its PATH. */
async function holdfast(editor: Editor, ...argv: string[]): Promise<string> {
  const launcher = path.join(editor.home, 'bin', 'holdfast');
  await waitFor(() => existsSync(launcher), SLOW);
  const env = { HOLDFAST_HOME: editor.home };
  const { stdout } = await execa(launcher, argv, { cwd: editor.workspace, env });
  return stdout;
}

interface Listed {
  readonly sessionId: string;
  readonly title: string | null;
  readonly parent: string | null;
}

async function sessionsOf(editor: Editor): Promise<Listed[]> {
  return JSON.parse(await holdfast(editor, 'sessions', 'list', '--json')) as Listed[];
}

async function showSessions(window: EditorWindow): Promise<void> {
  await window.activityBar.open('Holdfast');
  await window.view('Sessions').waitUntilVisible();
}

async function untilRow(window: EditorWindow, pattern: RegExp): Promise<string> {
  const view = window.view('Sessions');
  return waitFor(async () => (await view.rowTexts()).find((text) => pattern.test(text)), {
    ...SLOW,
    describe: `a row like ${String(pattern)}`,
  });
}

async function untilToast(window: EditorWindow, pattern: RegExp): Promise<string> {
  return waitFor(
    async () => (await window.notifications.messages()).find((text) => pattern.test(text)),
    { ...SLOW, describe: `a notification like ${String(pattern)}` },
  );
}

async function untilStatus(window: EditorWindow, pattern: RegExp): Promise<void> {
  await waitFor(async () => (await window.statusBar.holdfastTexts()).some((t) => pattern.test(t)), {
    ...SLOW,
    describe: `a status bar item like ${String(pattern)}`,
  });
}

async function runTask(window: EditorWindow, line: string): Promise<void> {
  await window.commandPalette.run('Holdfast: Run Background Task…');
  await window.quickInput.answer(line);
}

/** Writes the messages that an agent would, through the journal, as any other program may. */
async function say(editor: Editor, id: string, text: string): Promise<void> {
  const line = {
    v: 1,
    t: new Date().toISOString(),
    type: 'message',
    role: 'user',
    parts: [{ type: 'text', text }],
  };
  await writeFile(journalOf(editor, id), `${JSON.stringify(line)}\n`, { flag: 'a' });
}

function journalOf(editor: Editor, id: string): string {
  const workspaces = path.join(editor.home, 'workspaces');
  const [name = ''] = readdirSync(workspaces);
  return path.join(workspaces, name, 'sessions', `${id}.jsonl`);
}

describe('sessions in the editor', () => {
  it('go from new to tasks and notes, through a reload, and on to search, resume, branch and prune', async (t) => {
    const editor = await launchEditor(t);
    const window = await editor.openWindow();
    await showSessions(window);
    await window.screenshot('sessions-empty');

    await window.commandPalette.run('Holdfast: New Session');
    await untilRow(window, /Untitled session.*current/);
    await runTask(window, 'echo server up; sleep 600');
    await untilRow(window, /bash_1.*server up/);
    await window.commandPalette.run('Holdfast: Rename Session…');
    await window.quickInput.answer('Login page');
    await untilRow(window, /Login page.*current/);
    await untilStatus(window, /Login page/);
    await window.commandPalette.run('Holdfast: Create Session Notes');
    await waitFor(() => existsSync(path.join(editor.workspace, 'SESSION_NOTES.md')), SLOW);
    const notes = readFileSync(path.join(editor.workspace, 'SESSION_NOTES.md'), 'utf8');
    assert.match(notes, /Login page[\s\S]*bash_1/);
    const [login] = await sessionsOf(editor);
    assert.ok(login);
    await say(editor, login.sessionId, 'Make the login page pretty');
    await say(editor, login.sessionId, 'The crocodile must not see the password');
    await window.screenshot('sessions-current');

    await window.reload();
    await showSessions(window);
    await untilRow(window, /Login page.*current/);
    await untilRow(window, /bash_1.*server up/);
    await window.commandPalette.run('Holdfast: Continue Last Session');
    const told = await untilToast(window, /Resumed “Login page”/);
    assert.match(told, /bash_1 still runs/);
    await window.screenshot('sessions-continued');

    await window.commandPalette.run('Holdfast: New Session with Id…');
    await window.quickInput.answer('project-main');
    await untilRow(window, /project-main.*current/);
    await window.commandPalette.run('Holdfast: Search Sessions…');
    await window.quickInput.fill('crocodile');
    const found = window.quickInput.row('Login page').first();
    await waitFor(async () => /The crocodile must not see/.test(await found.innerText()), {
      ...SLOW,
      describe: 'the line that matches',
    });
    await window.page.waitForFunction(openedQuickInput);
    await window.screenshot('sessions-search');
    await window.quickInput.choose('Login page');
    await untilRow(window, /Login page.*current/);
    await untilStatus(window, /Login page/);

    await window.commandPalette.run('Holdfast: Branch Session');
    await untilRow(window, /Login page.*current.*branch of Login page/);
    const listed = await sessionsOf(editor);
    assert.ok(listed.some(({ parent }) => parent === login.sessionId));
    await window.commandPalette.run('Holdfast: Resume Session…');
    await window.quickInput.waitUntilOpen();
    await waitFor(async () => (await window.quickInput.labels()).length >= 3, SLOW);
    await window.page.waitForFunction(openedQuickInput);
    await window.screenshot('sessions-picker');
    await window.quickInput.cancel();

    await window.commandPalette.run('Holdfast: Prune Old Sessions…');
    await untilToast(window, /Nothing to prune/);
  });

  it('becomes a branch, and says so, when another window has it open', async (t) => {
    const editor = await launchEditor(t);
    const first = await editor.openWindow();
    await showSessions(first);
    await first.commandPalette.run('Holdfast: New Session with Id…');
    await first.quickInput.answer('project-main');
    await untilRow(first, /project-main.*current/);

    const second = await editor.openWindow();
    await showSessions(second);
    await untilRow(second, /project-main.*open in another window/);
    await second.commandPalette.run('Holdfast: Resume Session by Id…');
    await second.quickInput.answer('project-main');
    const told = await untilToast(second, /open in another window/);
    assert.match(told, /This is a branch of it/);
    await untilRow(second, /current.*branch of project-main/);
    await second.screenshot('sessions-branch');
    await untilRow(first, /project-main.*current/);
  });

  it('of another folder are one key away, and open that folder', async (t) => {
    const editor = await launchEditor(t);
    const other = path.join(path.dirname(editor.workspace), 'other-project');
    await mkdir(other, { recursive: true });
    const window = await editor.openWindow();
    await showSessions(window);
    await holdfast(editor, 'sessions', 'new', 'here', '--title', 'Work that lies here');
    await holdfast(
      editor,
      ...['sessions', 'new', 'there', '--title', 'Work that lies there', '--workspace', other],
    );
    await untilRow(window, /Work that lies here/);

    await window.commandPalette.run('Holdfast: Resume Session…');
    await window.quickInput.waitUntilOpen();
    await waitFor(() => window.quickInput.row('Work that lies here').isVisible(), SLOW);
    assert.equal(await window.quickInput.row('Work that lies there').isVisible(), false);
    await window.page.keyboard.press('Alt+A');
    const theirs = window.quickInput.row('Work that lies there');
    await waitFor(() => theirs.isVisible(), { ...SLOW, describe: 'a session of another folder' });
    assert.match(await theirs.innerText(), /other-project/);
    await window.page.waitForFunction(openedQuickInput);
    await window.screenshot('sessions-all-workspaces');
    await window.page.keyboard.press('Alt+A');
    await waitFor(async () => !(await theirs.isVisible()), SLOW);
    await window.page.keyboard.press('Alt+A');
    await waitFor(() => theirs.isVisible(), SLOW);

    const opened = await editor.windowOpenedBy(() =>
      window.quickInput.choose('Work that lies there'),
    );
    await showSessions(opened);
    await untilRow(opened, /Work that lies there.*current/);
    await untilToast(opened, /Resumed “Work that lies there”/);
    await opened.screenshot('sessions-other-folder');
  });

  it('keep their records in the editor’s store when two windows write there at once', async (t) => {
    const editor = await launchEditor(t);
    const folders = [editor.workspace, path.join(path.dirname(editor.workspace), 'second')];
    for (const folder of folders) await mkdir(folder, { recursive: true });
    const windows: EditorWindow[] = [];
    for (const folder of folders) {
      const window = await editor.openWindow(folder);
      await showSessions(window);
      windows.push(window);
    }
    // Both windows see their new sessions at the same time, and write them into the same object.
    const count = 10;
    for (let index = 0; index < count; index += 1) {
      await Promise.all(
        folders.map((folder) =>
          holdfast(editor, 'sessions', 'new', `s${String(index)}`, '--workspace', folder),
        ),
      );
    }
    for (const window of windows) await untilRow(window, new RegExp(`^s${String(count - 1)}`));
    await untilStored(editor, windows.length, count);
    for (const window of windows) await window.close();
    const workspaces = path.join(editor.home, 'workspaces');
    for (const name of readdirSync(workspaces)) {
      rmSync(path.join(workspaces, name, 'sessions'), { recursive: true });
    }
    for (const folder of folders) {
      const window = await editor.openWindow(folder);
      await showSessions(window);
      for (let index = 0; index < count; index += 1) {
        await untilRow(window, new RegExp(`^s${String(index)}\\W*journal gone, can be recovered`));
      }
    }
  });
});

/** Until so many windows have found all these records in the editor's store, some time after they last wrote there. */
async function untilStored(editor: Editor, windowCount: number, records: number): Promise<void> {
  const logs = path.join(editor.serverDataDir, 'data', 'logs');
  const line = `sessions.stored {"records":${String(records)},`;
  await waitFor(
    async () => {
      const names = (await readdir(logs, { recursive: true })).filter((name) =>
        /holdfast[^/]*\.log$/i.test(name),
      );
      const texts = await Promise.all(names.map((name) => readFile(path.join(logs, name), 'utf8')));
      return texts.filter((text) => text.includes(line)).length === windowCount;
    },
    { ...SLOW, describe: 'the records in the editor’s store' },
  );
}
