import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { answerFirstQuestions, claudeOnPath } from '../support/claudeOnPath.ts';
import { startMessagesApi } from '../support/messagesApi.ts';
import { tempDir } from '../support/tempDir.ts';
import { waitFor } from '../support/waitFor.ts';
import { launchEditor } from './support/editor.ts';

const SLOW = { deadlineMs: 60_000 };
const ASKS = 'asks for permission. Bash: touch made';

describe('Claude in the background', () => {
  it('asks by a message and a badge, goes on after a reload and a crash, and with the answer', async (t) => {
    const api = await startMessagesApi(t);
    const configuration = await tempDir(t, 'holdfast-claude-');
    const env = claudeOnPath('2.1.197', configuration, api);
    if (env === undefined) {
      t.skip('Claude Code is not installed');
      return;
    }
    const editor = await launchEditor(t, {
      env: { ...env, HOME: configuration },
      settings: { 'holdfast.persistSessions': true },
    });
    answerFirstQuestions(configuration, editor.workspace);
    let window = await editor.openWindow();
    const untilRow = (pattern: RegExp): Promise<boolean> =>
      waitFor(
        async () => {
          const rows = await window.view('Background Tasks').rowTexts();
          return rows.some((row) => pattern.test(row));
        },
        { ...SLOW, describe: `a row like ${String(pattern)}` },
      );
    await window.activityBar.open('Holdfast');
    await window.commandPalette.run('Holdfast: Run Claude in Background…');
    await window.quickInput.answer('@@Bash {"command":"touch made"}');

    await window.notifications.toast(ASKS).waitFor({ timeout: SLOW.deadlineMs });
    await untilRow(/waits for you · Bash: touch made/);
    await window.setSideBarWidth(420);
    await waitFor(async () => (await window.activityBar.badge('Holdfast')) === '1', SLOW);
    await window.screenshot('agent-asks');

    await window.reload();
    await window.notifications.toast(ASKS).waitFor({ timeout: SLOW.deadlineMs });
    await editor.restart({ crash: true });
    window = await editor.openWindow();
    await window.activityBar.open('Holdfast');
    await untilRow(/waits for you/);
    await waitFor(async () => (await logText()).includes('Claude sessions persisted'), SLOW);

    await window.notifications.toast(ASKS).waitFor({ timeout: SLOW.deadlineMs });
    await window.notifications.clickButton(ASKS, 'Allow');
    await untilRow(/Done after/);
    assert.ok(existsSync(path.join(editor.workspace, 'made')));
    await window.view('Background Tasks').row('bash_1').click();
    await waitFor(async () => (await window.output.text()).includes('Allowed (by you)'), SLOW);
    await window.screenshot('agent-done');

    /** From its files: what the panel shows so early is what it has shown before, or nothing. */
    async function logText(): Promise<string> {
      const names = await readdir(editor.serverDataDir, { recursive: true });
      const logs = names.filter((name) => path.basename(name) === 'Holdfast.log');
      const read = (name: string): Promise<string> =>
        readFile(path.join(editor.serverDataDir, name), 'utf8');
      return (await Promise.all(logs.map(read))).join('');
    }
  });
});
