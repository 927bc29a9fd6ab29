import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitFor } from '../support/waitFor.ts';
import { launchEditor } from './support/editor.ts';

describe('a window with Holdfast installed', () => {
  it('opens on a folder and lists Holdfast among the installed extensions', async (t) => {
    const editor = await launchEditor(t);
    const window = await editor.openWindow();
    await window.commandPalette.run('View: Show Extensions');
    const { host } = new URL(editor.server.url);
    const installed = window.view(`${host} - Installed`).row('Holdfast');
    await installed.waitFor();
    await window.screenshot('opens');
    assert.match(await installed.innerText(), /holdfast/i);
  });

  it('comes back after a reload, after its extension host was killed, and after a restart', async (t) => {
    const editor = await launchEditor(t);
    const window = await editor.openWindow();
    const nextHost = (previous: number) =>
      waitFor(
        async () => (await editor.extensionHosts()).find(({ pid }) => pid !== previous)?.pid,
        {
          deadlineMs: 30_000,
          describe: 'a new extension host',
        },
      );
    const first = await nextHost(0);

    await window.reload();
    await waitFor(async () => (await editor.extensionHosts()).length === 1, {
      describe: 'one host',
    });
    const second = await nextHost(first);

    await editor.killExtensionHosts();
    const third = await nextHost(second);

    await editor.restart();
    const another = await editor.openWindow();
    await nextHost(third);
    await another.commandPalette.run('View: Toggle Output');
    await another.screenshot('restarted');
  });

  it('shares the screen with a second window', async (t) => {
    const editor = await launchEditor(t);
    await editor.openWindow();
    await editor.openWindow();
    const hosts = await waitFor(
      async () => {
        const found = await editor.extensionHosts();
        return found.length === 2 && found;
      },
      { deadlineMs: 30_000, describe: 'an extension host for each window' },
    );
    assert.equal(new Set(hosts.map(({ pid }) => pid)).size, 2);
  });
});
