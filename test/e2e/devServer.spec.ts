import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { waitFor } from '../support/waitFor.ts';
import { launchEditor } from './support/editor.ts';

const SHOP = path.join(import.meta.dirname, '../fixtures/workspaces/shop');
const SLOW = { deadlineMs: 30_000 };

describe('a development server', () => {
  it('answers while windows reload, crash and close, and is there again with all it wrote', async (t) => {
    const editor = await launchEditor(t, { files: SHOP });
    let window = await editor.openWindow();
    const untilOutput = (pattern: RegExp): Promise<string> =>
      waitFor(async () => pattern.exec(await window.output.text())?.[0], {
        ...SLOW,
        describe: `output like ${String(pattern)}`,
      });
    const untilRow = (pattern: RegExp): Promise<true> =>
      waitFor(
        async () => {
          const rows = await window.view('Background Tasks').rowTexts();
          return rows.some((row) => pattern.test(row)) && true;
        },
        { ...SLOW, describe: `a row like ${String(pattern)}` },
      );
    await window.activityBar.open('Holdfast');

    await window.commandPalette.run('Holdfast: Run Background Task…');
    await window.quickInput.waitUntilOpen();
    await waitFor(async () => (await window.quickInput.labels()).includes('npm run dev'), SLOW);
    await window.screenshot('run-task');
    await window.quickInput.choose('npm run dev');
    const address = await untilOutput(/http:\/\/127\.0\.0\.1:\d+\//);
    const ask = async (): Promise<string> => (await fetch(address)).text();
    assert.equal(await ask(), 'request 1\n');

    await window.reload();
    assert.equal(await ask(), 'request 2\n');
    await editor.killExtensionHosts();
    assert.equal(await ask(), 'request 3\n');
    await window.close();
    assert.equal(await ask(), 'request 4\n');
    await editor.restart({ crash: true });
    assert.equal(await ask(), 'request 5\n');

    window = await editor.openWindow();
    await window.activityBar.open('Holdfast');
    await untilRow(/bash_1.*\(5\)/);
    for (const script of ['build', 'test']) {
      await window.commandPalette.run('Holdfast: Run Background Task…');
      await window.quickInput.answer(`npm run --silent ${script}`);
    }
    await untilRow(/bash_3.*exit 1/);
    await untilRow(/bash_2.*41 kB/);
    await window.view('Background Tasks').row('bash_1').click();
    await untilOutput(/\(1\)\n(.*\n)*.*\(5\)/);
    await window.setSideBarWidth(460);
    await window.screenshot('overview');

    await window.view('Background Tasks').clickInlineAction('bash_1', 'Kill');
    await untilRow(/bash_1.*killed/i);
    await assert.rejects(ask());
  });
});
