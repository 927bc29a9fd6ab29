import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { launchEditor } from './support/editor.ts';

describe('a folder that is not trusted', () => {
  it('can start no task, says why, and can once it is trusted', async (t) => {
    const editor = await launchEditor(t, {
      restrictedMode: true,
      settings: { 'security.workspace.trust.startupPrompt': 'never' },
    });
    const window = await editor.openWindow();
    await window.activityBar.open('Holdfast');
    await window.page.getByText('None can be started while this folder is not trusted').waitFor();
    await window.screenshot('restricted-mode');

    await window.commandPalette.run('Holdfast: Run Background Task…');
    const refusal = window.notifications.toast('Nothing is started in a folder');
    await refusal.waitFor();
    await window.notifications.clickButton('Nothing is started', 'Manage Workspace Trust');
    await window.page
      .locator('.workspace-trust-editor')
      .getByText('Trust', { exact: true })
      .click();

    await window.commandPalette.run('Holdfast: Run Background Task…');
    await window.quickInput.answer('echo trusted now');
    await window.output.selectChannel('bash_1');
    assert.match(await window.output.text(), /trusted now/);
  });
});
