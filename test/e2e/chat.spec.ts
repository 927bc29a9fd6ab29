import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import type { EditorWindow } from './pages/editorWindow.ts';
import { launchEditor } from './support/editor.ts';
import { heardLines, script, showSessions, untilAsked, untilSaid } from './support/scriptedChat.ts';

const shop = path.join(import.meta.dirname, '../fixtures/workspaces/shop');

/** The rendered document in front. */
function preview(window: EditorWindow): FrameLocator {
  return window.page.frameLocator('iframe.webview').frameLocator('#active-frame');
}

describe('a conversation in the chat', () => {
  it('works with tools and permissions, and goes on where a killed editor left it', async (t) => {
    const editor = await launchEditor(t, { scriptedModel: true, files: shop });
    await script(editor, [
      [
        { text: 'I look at the server first.' },
        { call: 'read', input: { file_path: 'server.mjs' } },
      ],
      [{ call: 'bash', input: { command: 'node check.mjs', description: 'Check the shop' } }],
      [
        { text: 'The check passes. I start the server.' },
        { call: 'bash', input: { command: 'node server.mjs', run_in_background: true } },
      ],
      [{ text: 'The **server** runs in the background.' }],
    ]);
    const window = await editor.openWindow();
    await showSessions(window);
    await window.chat.open();
    await window.chat.send('Check the shop and start its server');
    await window.chat.link('In this session').waitFor({ timeout: 60_000 });
    await window.screenshot('chat-confirmation');
    await window.chat.link('In this session').click();
    await untilAsked(editor, 3);
    await window.chat.button('Allow').click();
    await untilSaid(window, /server runs in the background/);
    await window.chat.link('What is new in bash_1?').waitFor();
    await window.screenshot('chat');

    await window.commandPalette.run('Holdfast: Show Session as Document');
    await preview(window)
      .getByText('The server runs in the background.')
      .waitFor({ timeout: 60_000 });
    await window.screenshot('chat-transcript');

    await editor.restart({ crash: true });
    await script(editor, [[{ text: 'We were at the shop.' }]]);
    const next = await editor.openWindow();
    await showSessions(next);
    await next.chat.open();
    await next.chat.send('/continue where were we?');
    await untilSaid(next, /bash_1 still runs[\s\S]*We were at the shop/);
    const [request = ''] = await heardLines(editor);
    assert.match(request, /Check the shop and start its server/);
    assert.match(request, /createServer/, 'the file that was read is still known');
    await next.screenshot('chat-continued');
  });

  it('goes on after the editor was killed in the middle of an answer', async (t) => {
    const editor = await launchEditor(t, { scriptedModel: true, files: shop });
    await script(editor, [
      [{ call: 'read', input: { file_path: 'check.mjs' } }],
      [{ text: 'Now I think for a long time.' }, { hang: true }],
    ]);
    const window = await editor.openWindow();
    await showSessions(window);
    await window.chat.open();
    await window.chat.send('Look at the check');
    await untilAsked(editor, 2);
    await editor.restart({ crash: true });
    await script(editor, [[{ text: 'The check is fine.' }]]);
    const next = await editor.openWindow();
    await showSessions(next);
    await next.chat.open();
    await next.chat.send('/continue');
    await untilSaid(next, /The check is fine/);
    const [request = ''] = await heardLines(editor);
    assert.match(request, /Look at the check/);
  });

  it('is not needed for what its commands do, and says what to do where there is no model', async (t) => {
    const editor = await launchEditor(t, { files: shop });
    const window = await editor.openWindow();
    await showSessions(window);
    await window.commandPalette.run('Holdfast: Open Chat');
    await window.notifications.toast('There is no language model to talk to').waitFor();
    await window.screenshot('chat-without-model');
    await window.commandPalette.run('Holdfast: New Session');
    await window.commandPalette.run('Holdfast: Run Background Task…');
    await window.quickInput.answer('echo first line; sleep 600');
    await window.commandPalette.run('Holdfast: Show Background Tasks (/bashes)');
    await window.quickInput.widget.getByText('bash_1').first().waitFor();
    await window.quickInput.cancel();
    await window.commandPalette.run('Holdfast: Branch Session');
    await window.commandPalette.run('Holdfast: Show Notes of Session');
    await preview(window).getByText('This session has no notes').waitFor({ timeout: 60_000 });
    await window.commandPalette.run('Holdfast: Show Permissions');
    await preview(window).getByText('Nothing is allowed or denied').waitFor({ timeout: 60_000 });
    await window.screenshot('commands-without-model');
  });

  it('shows and does by commands what needs no model', async (t) => {
    const editor = await launchEditor(t, { scriptedModel: true, files: shop });
    await script(editor, [[{ text: 'Hello.' }]]);
    const window = await editor.openWindow();
    await showSessions(window);
    await window.commandPalette.run('Holdfast: Run Background Task…');
    await window.quickInput.answer('echo first line; sleep 600');
    await window.chat.open();
    await window.chat.send('/output 1');
    await untilSaid(window, /bash_1[\s\S]*running[\s\S]*first line/);
    await window.chat.send('/output bash_1');
    await untilSaid(window, /Nothing new/);
    await window.chat.send('/notes the crocodile sleeps');
    await untilSaid(window, /Noted/);
    await window.chat.send('/notes');
    await untilSaid(window, /the crocodile sleeps[\s\S]*Write Notes File/);
    await window.chat.send('/bashes');
    await untilSaid(window, /bash_1[\s\S]*running for/);
    await window.chat.send('/permissions');
    await untilSaid(window, /Nothing is allowed or denied/);
    await window.screenshot('chat-commands');
    await window.chat.send('/kill all except bash_1');
    await untilSaid(window, /No background task runs that this is about/);
    await window.chat.send('/kill bash_1');
    await untilSaid(window, /Ended, with everything/);
    await window.chat.send('/branch');
    await untilSaid(window, /This is now a branch/);
    await window.chat.send('/new');
    await untilSaid(window, /A new session/);
    await window.chat.send('/sessions');
    await untilSaid(window, /\(current\)[\s\S]*Search Sessions/);
    await window.chat.send('/output bash_9');
    await untilSaid(window, /no (background )?task bash_9|bash_9 (is|does)|There is no/i);
    await window.screenshot('chat-sessions');
  });
});
