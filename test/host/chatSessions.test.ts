import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Judgement } from '../../src/core/agents/conversation/permissionGate.ts';
import { createSession } from '../../src/core/sessions/createSession.ts';
import { ChatSessions } from '../../src/vscode/chat/chatSessions.ts';
import { attachmentsOf } from '../../src/vscode/chat/references.ts';
import type { SessionWindow } from '../../src/vscode/sessions/sessionWindow.ts';
import { resumeInWindow } from '../../src/vscode/sessions/takeUp.ts';
import { requireRoot } from '../../src/vscode/tools/agentRoot.ts';
import { confirmationFor } from '../../src/vscode/tools/confirmation.ts';
import { ToolCalls } from '../../src/vscode/tools/toolCalls.ts';
import { WorkingSessions } from '../../src/vscode/tools/workingSessions.ts';
import { realFolders } from '../../src/vscode/windowFolder.ts';
import { sessionsBeside } from './support/sessionsBeside.ts';
import { openFolder } from './support/tasks.ts';
import { TaskWindow } from './support/taskWindow.ts';

describe('the chats of a window', () => {
  let window: TaskWindow;
  let sessions: SessionWindow;

  beforeEach(() => {
    window = new TaskWindow();
    sessions = sessionsBeside(window);
  });

  afterEach(() => window.close());

  it('go into a branch of a session that the user chooses while another one is at work there', async () => {
    const chats = new ChatSessions(sessions);
    const id = createSession(sessions.store.host, { id: 'shared' });
    const resume = () => resumeInWindow(sessions, id, () => undefined);
    assert.equal(chats.enterChosen(id, resume).id, id);
    const during = await chats.during(id, () => Promise.resolve(chats.enterChosen(id, resume)));
    assert.equal(during.how, 'branch');
    assert.notEqual(during.id, id);
    assert.equal(sessions.store.fold(during.id).state.parent, id);
    assert.equal(chats.enterChosen(id, resume).id, id, 'nobody is at work there any more');
  });

  it('have no answer of the user left over from a call that was declined', async () => {
    const working = window.disposables.add(new WorkingSessions(sessions));
    const calls = new ToolCalls(working);
    const session = working.current('Asking');
    const input = { file_path: 'poem.txt', content: 'It sleeps.' };
    const expected = calls.expect(session, 'write', input);
    const asked = await calls.prepare('write', input, { isAskedEachTime: true });
    const key = keyIn(asked);
    assert.match(key, /poem/);
    expected.dispose();
    assert.equal(calls.allow(key, 'session'), undefined);
  });

  it('are asked about each call anew', async () => {
    const working = window.disposables.add(new WorkingSessions(sessions));
    const calls = new ToolCalls(working);
    const session = working.current('Asking');
    const input = { file_path: 'poem.txt', content: 'It sleeps.' };
    const key = keyIn(await calls.prepare('write', input));
    assert.deepEqual(calls.allow(key, 'session'), ['Write']);
    assert.equal((await calls.prepare('write', input)).confirmationMessages, undefined);
    assert.equal(calls.allow(key, 'always'), undefined, 'that question is not open any more');
    assert.equal((await session.gate.judge('write', input)).decision, 'allow');
  });

  it('ask with all that is to be known: which tasks end, and where a command runs', async () => {
    const calls = new ToolCalls(window.disposables.add(new WorkingSessions(sessions)));
    const { id } = await window.start('sleep 1000', 'Harmless');
    const each = { isAskedEachTime: true };
    const named = await calls.prepare('kill_bash', { bash_ids: [id] }, each);
    assert.match(messageIn(named), /bash_1: sleep 1000/);
    assert.equal(named.confirmationMessages?.title, 'End these tasks?');
    const all = await calls.prepare('kill_bash', { all: true, except: [id] }, each);
    assert.match(
      messageIn(all),
      /Every running task of this workspace, except:\nbash_1: sleep 1000/,
    );
    const again = confirmationFor('bash', { command: 'make', cwd: '/' }, inRoot, 'key');
    assert.match(messageIn({ confirmationMessages: again }), /In&nbsp;\/:[^]*make/);
  });

  it('tell the model of a search that the user has stopped that it was stopped', async () => {
    const calls = new ToolCalls(window.disposables.add(new WorkingSessions(sessions)));
    const source = new vscode.CancellationTokenSource();
    source.cancel();
    const input = { pattern: 'crocodile' };
    await assert.rejects(calls.invoke('grep', input, source.token), /^Error: Interrupted/);
    source.dispose();
  });
});

describe('what is attached to a question', () => {
  it('is told about in words where it cannot be opened', async () => {
    const folder = openFolder();
    const picture = path.join(folder, 'picture.bin');
    writeFileSync(picture, Buffer.from([0, 1, 2, 0]));
    const missing = vscode.Uri.file(path.join(folder, 'gone.txt'));
    const range = new vscode.Range(0, 0, 1, 0);
    const values = [missing, new vscode.Location(missing, range), vscode.Uri.file(picture)];
    const references = values.map((value, index) => ({ id: `r${index}`, value }));
    const attached = await attachmentsOf(references, folder);
    assert.deepEqual(
      attached.map(({ name }) => name),
      ['gone.txt', 'gone.txt', 'picture.bin'],
    );
    assert.match(attached[0]?.text ?? '', /not there any more/);
    assert.match(attached[1]?.text ?? '', /cannot be opened/);
    assert.match(attached[2]?.text ?? '', /not a text file/);
  });
});

describe('where agents work', () => {
  it('is the folder of the store if that is open, else the first open one', () => {
    const [open = ''] = realFolders();
    assert.equal(requireRoot(path.join(open, 'inner')), path.join(open, 'inner'));
    assert.equal(requireRoot(path.dirname(open)), open);
  });
});

const inRoot: Judgement = {
  decision: 'ask',
  reason: 'it is not covered',
  rule: undefined,
  tool: 'Bash',
  summary: 'make',
  directory: '/',
  offers: [],
  approvedPaths: [],
};

function messageIn({ confirmationMessages }: vscode.PreparedToolInvocation): string {
  const { message } = confirmationMessages ?? {};
  assert.ok(message instanceof vscode.MarkdownString, 'nothing is asked');
  return message.value;
}

/** What the links in a question name it by. */
function keyIn(prepared: vscode.PreparedToolInvocation): string {
  const [, query = ''] = /allowOffered\?([^)]*)\)/.exec(messageIn(prepared)) ?? [];
  const [key] = JSON.parse(decodeURIComponent(query)) as [string];
  return key;
}
