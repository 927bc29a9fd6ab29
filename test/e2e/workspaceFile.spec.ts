import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { waitFor } from '../support/waitFor.ts';
import { launchEditor, type Editor } from './support/editor.ts';
import { heard, script, showSessions, SLOW, untilAsked } from './support/scriptedChat.ts';

/** A `.code-workspace` file that names these folders, in the directory where they lie. */
function workspaceFile({ workspace }: Editor, folders: readonly string[]): string {
  const file = path.join(workspace, 'some.code-workspace');
  for (const name of folders) mkdirSync(path.join(workspace, name), { recursive: true });
  writeFileSync(file, JSON.stringify({ folders: folders.map((name) => ({ path: name })) }));
  return file;
}

describe('A window of a .code-workspace file', () => {
  it('has its agents work in the open folder, and asks before they read what lies beside it', async (t) => {
    const editor = await launchEditor(t, { scriptedModel: true });
    const file = workspaceFile(editor, ['app']);
    mkdirSync(path.join(editor.workspace, 'other'));
    writeFileSync(path.join(editor.workspace, 'app/notes.txt'), 'the crocodile sleeps\n');
    writeFileSync(path.join(editor.workspace, 'other/.env'), 'PASSWORD=feed-me\n');
    await script(editor, [
      [{ call: 'read', input: { file_path: 'notes.txt' } }],
      [{ call: 'read', input: { file_path: '../other/.env' } }],
      [{ text: 'As you wish.' }],
    ]);
    const window = await editor.openWindow(file);
    await showSessions(window);
    await window.chat.open();
    await window.chat.send('What does it do?');
    await untilAsked(editor, 2);
    const results = (await heard(editor)).at(-1)?.messages.at(-1)?.results ?? [];
    assert.match(results.join('\n'), /the crocodile sleeps/);
    const skip = window.chat.button('Skip');
    await skip.waitFor({ timeout: 60_000 });
    await skip.click();
    await untilAsked(editor, 3);
    assert.doesNotMatch(JSON.stringify(await heard(editor)), /feed-me/);
  });

  it('says that no folder is open where it names none', async (t) => {
    const editor = await launchEditor(t);
    const window = await editor.openWindow(workspaceFile(editor, []));
    await window.activityBar.open('Holdfast');
    await window.commandPalette.run('Holdfast: Run Background Task…');
    await waitFor(
      async () => (await window.notifications.toast('No folder is open').count()) > 0,
      SLOW,
    );
  });
});
