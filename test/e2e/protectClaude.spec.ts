import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { tempDir } from '../support/tempDir.ts';
import { waitFor } from '../support/waitFor.ts';
import { launchEditor } from './support/editor.ts';

const FOLDERS = ['frontend', 'backend'];

describe('Protecting Claude Code in a window of several folders', () => {
  it('writes into the settings of each folder, where Claude Code looks, and takes it all back', async (t) => {
    const configuration = await tempDir(t, 'holdfast-claude-');
    const editor = await launchEditor(t, { env: { CLAUDE_CONFIG_DIR: configuration } });
    const root = editor.workspace;
    for (const name of FOLDERS) mkdirSync(path.join(root, name));
    const file = path.join(root, 'both.code-workspace');
    writeFileSync(file, JSON.stringify({ folders: FOLDERS.map((name) => ({ path: name })) }));
    const settings = FOLDERS.map((name) => path.join(root, name, '.claude/settings.local.json'));
    const window = await editor.openWindow(file);
    await window.activityBar.open('Holdfast');
    await window.commandPalette.run('Holdfast: Protect Claude Code…');
    assert.match(await window.dialog.message(), /\.mcp\.json in frontend and backend, or those of/);
    await window.dialog.click('Protect in These Folders');
    await window.notifications.toast('is protected in frontend and backend: from').waitFor();
    for (const each of settings) assert.match(readFileSync(each, 'utf8'), /claude-prefix/);
    assert.deepEqual(readdirSync(root).sort(), ['backend', 'both.code-workspace', 'frontend']);
    rmSync(settings[1] ?? '');
    await window.commandPalette.run('Holdfast: Show Whether Claude Code Is Protected');
    await window.notifications.toast('is protected in frontend, but not in backend.').waitFor();
    await window.commandPalette.run('Holdfast: Unprotect Claude Code');
    await window.notifications
      .toast('no longer protected in frontend and backend. Tasks')
      .waitFor();
    await waitFor(() => settings.every((each) => !existsSync(path.dirname(each))));
  });
});
