import { readFile, writeFile } from 'node:fs/promises';
import type { Heard, Said } from '../../support/scriptedModel/extension.ts';
import { waitFor } from '../../support/waitFor.ts';
import type { EditorWindow } from '../pages/editorWindow.ts';
import type { Editor } from './editor.ts';

export const SLOW = { deadlineMs: 60_000 };

/** What the model says from now on: to its first request, to its second, and so on; the last stays. */
export async function script(editor: Editor, answers: readonly (readonly Said[])[]): Promise<void> {
  await writeFile(editor.modelScript, JSON.stringify(answers));
  await writeFile(`${editor.modelScript}.heard`, '');
}

/** Each request that has reached the model since it was scripted, as a line of JSON. */
export async function heardLines(editor: Editor): Promise<string[]> {
  const text = await readFile(`${editor.modelScript}.heard`, 'utf8');
  return text.split('\n').filter((line) => line !== '');
}

export async function heard(editor: Editor): Promise<Heard[]> {
  return (await heardLines(editor)).map((line) => JSON.parse(line) as Heard);
}

/** Waits until the model was asked that often since it was scripted. */
export async function untilAsked(editor: Editor, count: number): Promise<void> {
  await waitFor(async () => (await heardLines(editor)).length >= count, {
    ...SLOW,
    describe: `request ${count} to the model`,
  });
}

export async function untilSaid(window: EditorWindow, pattern: RegExp): Promise<void> {
  await waitFor(async () => (await window.chat.texts()).some((text) => pattern.test(text)), {
    ...SLOW,
    describe: `${String(pattern)} in the chat`,
  });
}

/** Our views beside the chat, so that pictures show both. */
export async function showSessions(window: EditorWindow): Promise<void> {
  await window.activityBar.open('Holdfast');
  await window.view('Sessions').waitUntilVisible();
}
