import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { readHistory, type History } from '../../src/core/agents/conversation/history.ts';
import { pairCalls, toModelMessages } from '../../src/core/agents/conversation/pairing.ts';
import { listSessionIds, sessionFilesOf } from '../../src/core/sessions/sessionFiles.ts';
import { workspaceOf } from '../../src/core/store/workspace.ts';
import { findTask } from '../../src/core/tasks/listTasks.ts';
import type { Heard, Said } from '../support/scriptedModel/extension.ts';
import { waitFor } from '../support/waitFor.ts';
import { assertRules } from '../unit/agents/conversation/assertRules.ts';
import type { EditorWindow } from './pages/editorWindow.ts';
import { launchEditor, type Editor } from './support/editor.ts';
import {
  heard,
  script,
  showSessions,
  SLOW,
  untilAsked,
  untilSaid,
} from './support/scriptedChat.ts';

const parcels = path.join(import.meta.dirname, '../fixtures/workspaces/parcels');
const PROMPT =
  'Three parcels cost too much. Find the bug, fix it, and run all tests in the background; I come back tomorrow.';
const WRONG = 'weightsInKg.length > DISCOUNT_FROM';
const RIGHT = 'weightsInKg.length >= DISCOUNT_FROM';

const dayOne: readonly (readonly Said[])[] = [
  [
    { text: 'I look at the project first.' },
    { call: 'glob', input: { pattern: '**/*.mjs' } },
    { call: 'grep', input: { pattern: 'DISCOUNT_FROM' } },
  ],
  [
    { call: 'read', input: { file_path: 'src/price.mjs' } },
    { call: 'read', input: { file_path: 'test/price.test.mjs' } },
  ],
  [{ call: 'bash', input: { command: 'npm test -- test/price.test.mjs' } }],
  [
    { text: 'The test of three parcels fails: the discount begins one parcel too late.' },
    { hang: true },
  ],
];
const dayTwo: readonly (readonly Said[])[] = [
  [
    { text: 'I go on with the fix.' },
    {
      call: 'edit',
      input: { file_path: 'src/price.mjs', old_string: WRONG, new_string: RIGHT },
    },
  ],
  [{ call: 'bash', input: { command: 'npm test', run_in_background: true } }],
  [{ call: 'bash_output', input: { bash_id: 'bash_1', filter: '# pass', wait_ms: 50_000 } }],
];
const dayThree: readonly (readonly Said[])[] = [
  [{ call: 'bash_output', input: { bash_id: 'bash_1', filter: '^# (pass|fail)' } }],
  [{ text: 'The bug is **fixed**, and all four tests pass.' }],
];

async function openChat(editor: Editor): Promise<EditorWindow> {
  const window = await editor.openWindow();
  await showSessions(window);
  await window.chat.open();
  return window;
}

/** As it was when the editor, and with it everything of ours in it, got SIGKILL; the window vanishes with it. */
async function killEditor(editor: Editor): Promise<void> {
  await editor.killBrowser();
  await editor.restart({ crash: true });
}

function historyOf(editor: Editor): History {
  const workspace = workspaceOf(editor.home, editor.workspace);
  const ids = listSessionIds(workspace);
  assert.equal(ids.length, 1, 'the whole task is one session');
  return readHistory(sessionFilesOf(workspace, ids[0] ?? ''));
}

function taskOf(editor: Editor) {
  return findTask(workspaceOf(editor.home, editor.workspace), 'bash_1', Date.now());
}

function priceText(editor: Editor): string {
  return readFileSync(path.join(editor.workspace, 'src/price.mjs'), 'utf8');
}

/** What the APIs of models want of a request, as it really reached one. */
function assertPaired({ messages }: Heard): void {
  for (const [index, { calls }] of messages.entries()) {
    assert.equal(messages[index + 1]?.results.length ?? 0, calls.length);
  }
}

/** The user undoes what the agent did in the file that they have open, and does it again. */
async function undoAndRedo(editor: Editor, window: EditorWindow): Promise<void> {
  const text = window.page.locator('.editor-group-container .view-lines').first();
  const shows = async (code: string): Promise<boolean> =>
    (await text.innerText()).replaceAll('\u00a0', ' ').includes(code);
  await waitFor(() => shows(RIGHT), { ...SLOW, describe: 'the fix in the open editor' });
  await text.click();
  await window.page.keyboard.press('Control+Z');
  await waitFor(() => shows(WRONG), { ...SLOW, describe: 'the fix undone' });
  await window.page.keyboard.press('Control+Y');
  await waitFor(() => shows(RIGHT), { ...SLOW, describe: 'the fix done again' });
  assert.ok(priceText(editor).includes(RIGHT));
}

async function openPriceFile(window: EditorWindow): Promise<void> {
  await window.commandPalette.run('Go to File...');
  await window.quickInput.fill('price.mjs');
  await window.quickInput.choose('price.mjs');
  await window.page.getByRole('tab', { name: 'price.mjs' }).waitFor({ timeout: SLOW.deadlineMs });
}

describe('a task over three days: find the bug, fix it, run the tests in the background', () => {
  it('is done in one conversation although the editor is killed twice', async (t) => {
    const editor = await launchEditor(t, { scriptedModel: true, files: parcels });
    await script(editor, [...dayOne, ...dayTwo, ...dayThree]);
    const first = await openChat(editor);
    await first.chat.send(PROMPT);
    await first.chat.link('In this session').click({ timeout: SLOW.deadlineMs });
    await untilSaid(first, /begins one parcel too late/);
    await first.screenshot('recorded-day-one');
    const isWritten = (): boolean =>
      JSON.stringify(historyOf(editor).entries.at(-1)).includes('begins one parcel too late');
    await waitFor(isWritten, { describe: 'the unfinished answer in the journal' });
    await killEditor(editor);

    const second = await openChat(editor);
    await openPriceFile(second);
    await second.chat.open();
    await second.chat.send('/continue');
    await second.chat.button('Allow').click({ timeout: SLOW.deadlineMs });
    await untilAsked(editor, dayOne.length + dayTwo.length);
    await waitFor(() => pairCalls(historyOf(editor).entries).at(-1)?.call.name === 'bash_output', {
      ...SLOW,
      describe: 'the model to wait for the tests',
    });
    await undoAndRedo(editor, second);
    await second.screenshot('recorded-day-two');
    assert.equal(taskOf(editor).status, 'running', 'without a question: it was allowed yesterday');
    await killEditor(editor);

    // The courier comes while nobody is there.
    writeFileSync(path.join(editor.workspace, 'signed.txt'), 'Ada\n');
    await waitFor(() => taskOf(editor).status !== 'running', SLOW);

    const third = await openChat(editor);
    await third.chat.send('/continue what came of the tests?');
    await untilSaid(third, /all four tests pass/);
    await third.screenshot('recorded-day-three');
    assertWhatIsLeft(editor, await heard(editor));
  });
});

function assertWhatIsLeft(editor: Editor, requests: readonly Heard[]): void {
  assert.ok(priceText(editor).includes(RIGHT));
  assert.equal(
    priceText(editor),
    readFileSync(path.join(parcels, 'src/price.mjs'), 'utf8').replace(WRONG, RIGHT),
  );
  const { status, exitCode } = taskOf(editor);
  assert.deepEqual({ status, exitCode }, { status: 'completed', exitCode: 0 });
  const history = historyOf(editor);
  const calls = pairCalls(history.entries);
  assert.deepEqual(
    calls.map(({ call }) => call.name),
    ['glob', 'grep', 'read', 'read', 'bash', 'edit', 'bash', 'bash_output', 'bash_output'],
  );
  assert.ok(calls.every(({ result }) => result !== undefined));
  const outputs = calls.map(({ result }) => String(result?.output));
  assert.match(outputs[4] ?? '', /three parcels cost a tenth less[\s\S]*exit code 1/i);
  assert.match(outputs[7] ?? '', /^Interrupted/);
  assert.match(outputs[8] ?? '', /# pass 4[\s\S]*# fail 0/);
  assertRules(toModelMessages(history.entries, { modelId: 'any' }));
  requests.forEach(assertPaired);

  const last = JSON.stringify(requests.at(-1));
  for (const said of [
    PROMPT,
    'I look at the project first.',
    'begins one parcel too late',
    'I go on with the fix.',
  ]) {
    assert.ok(last.includes(said), said);
  }
  const afterSecondKill = JSON.stringify(requests[dayOne.length + dayTwo.length]);
  assert.match(afterSecondKill, /Interrupted: the session broke off/);
  assert.match(afterSecondKill, /bash_1[^"]*(finished|completed|exit)/i);
}
