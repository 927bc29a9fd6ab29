import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import { waitFor } from '../support/waitFor.ts';
import { ask, lastSession, model, resultsIn, saidIn, whileAnswering } from './support/chat.ts';
import type { NewLine } from '../../src/core/sessions/journalLines.ts';
import {
  begin,
  filesOf,
  openStore,
  recordOf,
  removeAllSessions,
  write,
} from './support/sessions.ts';
import { killAllTasks, openFolder, readTaskOf, runCommand, untilOver } from './support/tasks.ts';

/** The chat's view takes its time to open for the first time. */
const SLOW = { deadlineMs: 60_000 };

function isAnswered({ id }: { readonly id: string }): boolean {
  return saidIn(id).includes('Here.');
}

describe('a conversation in the chat', function () {
  this.timeout(120_000);

  afterEach(async () => {
    await killAllTasks();
    await removeAllSessions();
    await vscode.commands.executeCommand('workbench.action.chat.newChat');
  });

  it('is in the journal of a session, turn by turn', async () => {
    const scripted = await model();
    scripted.script = () => [{ text: 'Hello yourself.' }];
    await ask('@holdfast hello');
    const id = await lastSession();
    await waitFor(() => saidIn(id).includes('Hello yourself.'), SLOW);
    scripted.script = () => [{ text: 'Still here.' }];
    await ask('@holdfast are you there?');
    await waitFor(() => saidIn(id).includes('Still here.'), SLOW);
    assert.deepEqual(saidIn(id), ['hello', 'Hello yourself.', 'are you there?', 'Still here.']);
    const heard = scripted.requests.at(-1)?.messages.flatMap(({ texts }) => texts) ?? [];
    assert.match(heard[0] ?? '', /You are Holdfast/);
    assert.deepEqual(heard.slice(1), ['hello', 'Hello yourself.', 'are you there?']);
  });

  it('runs tools, those that only read without asking', async () => {
    const file = path.join(openFolder(), 'poem.txt');
    writeFileSync(file, 'the crocodile\nsleeps\n');
    const scripted = await model();
    scripted.script = (_heard, index) =>
      index === scripted.first
        ? [{ text: 'Let me see.' }, { call: 'read', input: { file_path: 'poem.txt' } }]
        : [{ text: 'It sleeps.' }];
    await ask('@holdfast what does it do?');
    const id = await lastSession();
    await waitFor(() => saidIn(id).includes('It sleeps.'), SLOW);
    assert.match(resultsIn(id)[0] ?? '', /the crocodile/);
    assert.match(scripted.requests.at(-1)?.messages.at(-1)?.results[0] ?? '', /the crocodile/);
    assert.ok(recordOf(id).fileContext.read.some((read) => read.endsWith('poem.txt')));
  });

  it('asks before it runs a command, and keeps what is allowed for the session', async () => {
    const scripted = await model();
    const touch = (name: string) => ({ call: 'bash', input: { command: `touch ${name}` } });
    const done = (heard: { messages: readonly { results: readonly string[] }[] }): boolean =>
      (heard.messages.at(-1)?.results.length ?? 0) > 0;
    scripted.script = (heard) => (done(heard) ? [{ text: 'Done.' }] : [touch('one')]);
    const first = path.join(openFolder(), 'one');
    await ask('@holdfast make one');
    await waitFor(() => scripted.requests.length > scripted.first, SLOW);
    assert.equal(existsSync(first), false, 'it did not ask');
    await whileAnswering(async () => {
      await vscode.commands.executeCommand('workbench.action.chat.acceptTool');
      return existsSync(first);
    });
    const id = await lastSession();
    await waitFor(() => saidIn(id).includes('Done.'), SLOW);
    assert.equal(resultsIn(id).length, 1);
  });

  it('tells the model that the user has refused', async () => {
    const scripted = await model();
    scripted.script = (heard) =>
      (heard.messages.at(-1)?.results.length ?? 0) > 0
        ? [{ text: 'As you wish.' }]
        : [{ call: 'bash', input: { command: 'touch refused' } }];
    let id = '';
    await ask('@holdfast do it');
    await whileAnswering(async () => {
      await vscode.commands.executeCommand('workbench.action.chat.skipTool');
      id = await lastSession();
      return saidIn(id).includes('As you wish.');
    });
    assert.match(resultsIn(id)[0] ?? '', /does not allow this/);
    assert.equal(existsSync(path.join(openFolder(), 'refused')), false);
  });

  it('edits a file that is open so that it can be undone', async () => {
    const file = path.join(openFolder(), 'open.txt');
    writeFileSync(file, 'one\r\ntwo\r\n');
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    const scripted = await model();
    const steps = [
      { call: 'read', input: { file_path: 'open.txt' } },
      { call: 'edit', input: { file_path: 'open.txt', old_string: 'two', new_string: 'three' } },
    ];
    scripted.script = (_heard, index) => [steps[index - scripted.first] ?? { text: 'Changed.' }];
    await ask('@holdfast change it');
    await whileAnswering(async () => {
      await vscode.commands.executeCommand('workbench.action.chat.acceptTool');
      return document.getText().includes('three');
    });
    const id = await lastSession();
    await waitFor(() => saidIn(id).includes('Changed.'), SLOW);
    assert.equal(readFileSync(file, 'utf8'), 'one\r\nthree\r\n');
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), 'one\r\ntwo\r\n');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('that is stopped keeps what was said, and a running command goes on as a task', async () => {
    const scripted = await model();
    scripted.script = () => [
      { text: 'This takes a while.' },
      { call: 'bash', input: { command: 'touch begun; sleep 600' } },
    ];
    for (const rule of ['Bash(touch begun)', 'Bash(sleep:*)']) {
      const allowed = { decision: 'allow', rule, scope: 'workspace' };
      await vscode.commands.executeCommand('holdfast.permissions.add', allowed);
    }
    await ask('@holdfast take your time');
    const id = await lastSession();
    await waitFor(() => existsSync(path.join(openFolder(), 'begun')), SLOW);
    await vscode.commands.executeCommand('workbench.action.chat.cancel');
    await waitFor(() => resultsIn(id).length === 1, SLOW);
    assert.match(resultsIn(id)[0] ?? '', /bash_\d+ still runs; the user stopped waiting/);
    const [task = ''] = /bash_\d+/.exec(resultsIn(id)[0] ?? '') ?? [];
    assert.equal(readTaskOf(task).status, 'running');
    scripted.script = () => [{ text: 'On we go.' }];
    await ask('@holdfast /continue');
    await waitFor(() => saidIn(id).includes('On we go.'), SLOW);
  });

  it('becomes a branch when another chat of the window is at work in its session', async () => {
    const scripted = await model();
    scripted.script = () => [{ text: 'Noted.' }];
    await ask('@holdfast the first chat');
    const first = await lastSession();
    await waitFor(() => saidIn(first).includes('Noted.'), SLOW);
    await vscode.commands.executeCommand('workbench.action.chat.newChat');
    await ask('@holdfast the second chat');
    const branch = await waitFor(
      () =>
        openStore()
          .list()
          .sessions.find(({ parent }) => parent === first)?.id,
      { ...SLOW, describe: 'a branch' },
    );
    await waitFor(() => saidIn(branch).length === 4, SLOW);
    assert.deepEqual(saidIn(branch), ['the first chat', 'Noted.', 'the second chat', 'Noted.']);
    assert.deepEqual(saidIn(first), ['the first chat', 'Noted.']);
  });

  it('stays in its session, whichever is current', async () => {
    const scripted = await model();
    scripted.script = () => [{ text: 'Hello.' }];
    await ask('@holdfast hello');
    const id = await lastSession();
    await waitFor(() => saidIn(id).includes('Hello.'), SLOW);

    const other = await begin({ title: 'Current now' });
    await ask('@holdfast /notes the milk');
    await waitFor(() => openStore().fold(id).state.notes.includes('the milk'), SLOW);
    scripted.script = () => [{ text: 'On I go.' }];
    await ask('@holdfast /continue');
    await waitFor(() => saidIn(id).includes('On I go.'), SLOW);
    assert.deepEqual([saidIn(other), openStore().fold(other).state.notes], [[], []]);
    const task = await runCommand('echo crocodile');
    await untilOver(task);
    await ask(`@holdfast /output ${task}`);
    await waitFor(() => openStore().fold(id).state.cursors.has(task), SLOW);
    await ask('@holdfast still there?');
    await waitFor(() => saidIn(id).at(-2) === 'still there?', SLOW);
    assert.equal(
      openStore()
        .list()
        .sessions.filter(({ parent }) => parent === id).length,
      0,
    );
  });

  it('goes on in its session when its first answer was stopped and came too late', async () => {
    const scripted = await model();
    const id = await begin({ title: 'Slow to stop' });
    const task = await runCommand("trap '' TERM; while :; do sleep 1; done");
    scripted.script = () => [{ call: 'kill_bash', input: { bash_ids: [task] } }];
    await ask('@holdfast end it');
    await waitFor(() => readTaskOf(task).stop !== undefined, SLOW);
    await vscode.commands.executeCommand('workbench.action.chat.cancel');
    scripted.script = () => [{ text: 'Here.' }];
    // The editor answers for us after a second; the task takes five to die.
    await ask('@holdfast are you there?');
    await waitFor(() => openStore().list().sessions.some(isAnswered), SLOW);
    assert.deepEqual(saidIn(id), ['end it', 'are you there?', 'Here.']);
  });

  it('opens as a document with 5,000 messages, whole, and grows', async () => {
    const id = await begin({ title: 'Long' });
    const lines = Array.from({ length: 5000 }, (_, index): NewLine => {
      const role = index % 2 === 0 ? 'user' : 'assistant';
      const text = `Message ${index}: ${'words '.repeat(20)}`;
      return { type: 'message', role, parts: [{ type: 'text', text }] };
    });
    const { plain } = filesOf(id);
    const t = new Date().toISOString();
    appendFileSync(
      plain,
      lines.map((line) => `${JSON.stringify({ v: 1, t, ...line })}\n`).join(''),
    );
    const uri = vscode.Uri.from({ scheme: 'holdfast-transcript', path: '/Long.md', query: id });
    const document = await vscode.workspace.openTextDocument(uri);
    assert.match(document.getText(), /Message 0:[\s\S]*Message 4999:/);
    await vscode.window.showTextDocument(document);
    write(id, { type: 'message', role: 'user', parts: [{ type: 'text', text: 'The latest.' }] });
    await waitFor(() => document.getText().includes('The latest.'), SLOW);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('loses nothing when the model fails, and goes on when it is back', async () => {
    const scripted = await model();
    const hasSaid = (id: string | undefined): boolean =>
      id !== undefined && saidIn(id).some((text) => text.includes('I begin.'));
    // Slowly enough to be written down: the editor drops what it has not handed on when a model fails.
    scripted.script = async function* () {
      while (!hasSaid(openStore().list().sessions[0]?.id)) {
        yield { text: 'I begin. ' };
        await setTimeout(50);
      }
      yield { error: 'monthly limit', code: 'Blocked' };
    };
    await ask('@holdfast begin');
    const id = await lastSession();
    await waitFor(() => hasSaid(id), SLOW);
    scripted.script = () => [{ text: ' and I end.' }];
    await ask('@holdfast /continue');
    await waitFor(() => saidIn(id).includes(' and I end.'), SLOW);
    assert.equal(saidIn(id)[0], 'begin');
  });
});
