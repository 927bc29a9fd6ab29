import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ScriptedModel as Scripted } from '../../support/scriptedModel/extension.ts';
import { waitFor } from '../../support/waitFor.ts';
import { openStore, recordOf } from './sessions.ts';

/** test/support/scriptedModel, which runs in this extension host. */
export interface ScriptedModel extends Scripted {
  /** The index of the first request of this test. */
  first: number;
}

export async function model(): Promise<ScriptedModel> {
  const extension = vscode.extensions.getExtension<ScriptedModel>('holdfast-test.scripted-model');
  assert.ok(extension, 'the scripted model is not installed');
  const scripted = await extension.activate();
  scripted.first = scripted.requests.length;
  await waitFor(
    async () => (await vscode.lm.selectChatModels({ vendor: 'holdfast-test' })).length,
    {
      deadlineMs: 30_000,
      describe: 'the scripted model',
    },
  );
  return scripted;
}

/** Types into the chat, and sends it. */
export async function ask(query: string): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.chat.open', { query });
}

/** Answers the editor's questions until something has come of it. */
export async function whileAnswering(act: () => Promise<boolean>): Promise<void> {
  await waitFor(act, { deadlineMs: 60_000, intervalMs: 500, describe: 'what comes of the answer' });
}

/** The session that was last active, once there is one. */
export async function lastSession(): Promise<string> {
  return waitFor(() => openStore().list().sessions[0]?.id, {
    deadlineMs: 60_000,
    describe: 'a session',
  });
}

/** What user and model have said, without calls; an answer that came in pieces is one. */
export function saidIn(id: string): string[] {
  const said: string[] = [];
  for (const { role, parts } of recordOf(id).messages) {
    if (role !== 'user' && role !== 'assistant') continue;
    const text = parts.map((part) => (part.type === 'text' ? String(part['text']) : '')).join('');
    if (text !== '') said.push(text);
  }
  return said;
}

/** What the tools have given, in their order. */
export function resultsIn(id: string): string[] {
  return recordOf(id)
    .messages.flatMap(({ parts }) => parts)
    .filter(({ type }) => type === 'tool-result')
    .map((part) => String(part['output']));
}
