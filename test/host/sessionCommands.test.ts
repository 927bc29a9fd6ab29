import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { createSession } from '../../src/core/sessions/createSession.ts';
import type { NewLine } from '../../src/core/sessions/journalLines.ts';
import { isLeased } from '../../src/core/sessions/sessionLease.ts';
import { waitFor } from '../support/waitFor.ts';
import {
  begin,
  call,
  filesOf,
  isThere,
  openStore,
  recordOf,
  removeAllSessions,
  sessionHost,
  write,
} from './support/sessions.ts';
import { killAllTasks, openFolder, readTaskOf, runCommand, untilOver } from './support/tasks.ts';

function scratchFile(name: string): string {
  return path.join(mkdtempSync(path.join(os.tmpdir(), 'hf-host-')), name);
}

const hello: NewLine = {
  type: 'message',
  role: 'user',
  parts: [{ type: 'text', text: 'Hello there' }],
};

describe('the commands for sessions', () => {
  afterEach(async () => {
    await killAllTasks();
    await removeAllSessions();
  });

  it('begin one, with an id and a title of the user’s, and hold it', async () => {
    const id = await begin({ title: 'My work' });
    assert.equal(recordOf(id).title, 'My work');
    assert.ok(isLeased(filesOf(id)));
    assert.equal(await call('sessions.newWithId', 'project-main'), 'project-main');
    assert.ok(isThere('project-main'));
    assert.ok(!isLeased(filesOf(id)), 'a window holds one session at a time');
  });

  it('begin none under an id that is taken or is no id', async () => {
    await begin({ id: 'project-main' });
    assert.equal(await call('sessions.newWithId', 'project-main'), undefined);
    assert.equal(await call('sessions.newWithId', '../etc'), undefined);
    assert.deepEqual(
      openStore()
        .list()
        .sessions.map(({ id }) => id),
      ['project-main'],
    );
  });

  it('continue the session that was last active, not the one that was begun last', async () => {
    const old = await begin({ id: 'old-one' });
    await begin({ id: 'new-one' });
    write(old, hello);
    assert.equal(await call('sessions.continue'), old);
    assert.ok(isLeased(filesOf(old)));
  });

  it('resume one by its id, by the beginning of it, and none that is not there', async () => {
    const id = await begin();
    await begin({ id: 'other' });
    assert.equal(await call('sessions.resume', id), id);
    assert.equal(await call('sessions.resumeById', 'othe'), 'other');
    assert.equal(await call('sessions.resumeById', 'nowhere'), undefined);
    assert.ok(isLeased(filesOf('other')), 'a failure leaves the current session alone');
  });

  it('branch the current one and go on in the branch', async () => {
    const parent = await begin({ title: 'Parent' });
    write(parent, hello);
    const branch = await call<string>('sessions.branch');
    assert.notEqual(branch, parent);
    write(branch, hello);
    assert.equal(recordOf(branch).messages.length, 2);
    assert.equal(recordOf(branch).parent, parent);
    assert.equal(recordOf(parent).messages.length, 1);
    assert.ok(isLeased(filesOf(branch)) && !isLeased(filesOf(parent)));
  });

  it('rename, pin and unpin', async () => {
    const id = await begin();
    assert.equal(await call('sessions.rename', id, '  A \n better   name '), 'A better name');
    assert.equal(recordOf(id).title, 'A better name');
    assert.equal(await call('sessions.rename', id, '   '), undefined);
    await call('sessions.pin', id);
    assert.equal(recordOf(id).isPinned, true);
    await call('sessions.unpin', { session: id });
    assert.equal(recordOf(id).isPinned, false);
  });

  it('export as JSON and Markdown, and import what was exported', async () => {
    const id = await begin({ title: 'To be taken away' });
    write(id, hello);
    const json = scratchFile('session.json');
    assert.equal(await call('sessions.export', id, { format: 'json', path: json }), json);
    const record = JSON.parse(readFileSync(json, 'utf8')) as { sessionId: string };
    assert.equal(record.sessionId, id);
    const markdown = scratchFile('session.md');
    await call('sessions.export', id, { format: 'markdown', path: markdown });
    assert.match(readFileSync(markdown, 'utf8'), /# To be taken away[\s\S]*Hello there/);
    const imported = await call<string>('sessions.import', json);
    assert.notEqual(imported, id, 'its own id is taken');
    assert.equal(recordOf(imported).title, 'To be taken away');
    assert.equal(recordOf(imported).messages.length, 1);
  });

  it('import nothing from a file that is no session', async () => {
    const file = scratchFile('no.json');
    writeFileSync(file, '{"hello": 1}');
    assert.equal(await call('sessions.import', file), undefined);
    assert.equal(await call('sessions.import', `${file}.gone`), undefined);
    assert.equal(openStore().list().sessions.length, 0);
  });

  it('show one as a document', async () => {
    const id = await begin({ title: 'To be read' });
    assert.equal(await call('sessions.show', id), id);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('delete one, the current one as well, and leave its tasks alone', async () => {
    const id = await begin();
    const task = await runCommand('sleep 600');
    assert.equal(await call('sessions.delete', id, { confirm: false }), id);
    assert.ok(!isThere(id));
    assert.equal(readTaskOf(task).status, 'running');
    // The next one that is needed is another one.
    await runCommand('true');
    const [next] = openStore().list().sessions;
    assert.ok(next !== undefined && next.id !== id);
  });

  it('prune what is old, but nothing that is pinned, open or busy', async () => {
    const longAgo = Date.now() - 40 * 24 * 60 * 60 * 1000;
    const host = { ...sessionHost(), clock: { now: () => longAgo } };
    for (const id of ['old-plain', 'old-pinned', 'old-current']) createSession(host, { id });
    await call('sessions.pin', 'old-pinned');
    await waitFor(async () => (await call('sessions.resume', 'old-current')) === 'old-current');
    await begin({ id: 'young' });
    assert.deepEqual(await call('sessions.prune', { confirm: false }), ['old-plain']);
    assert.ok(isThere('old-pinned') && isThere('young'));
    assert.ok(!isThere('old-plain'));
    assert.deepEqual(await call('sessions.prune', { confirm: false }), []);
  });

  it('repair a damaged one and keep the damaged file', async () => {
    const id = await begin({ id: 'torn' });
    await begin({ id: 'elsewhere' });
    write(id, hello);
    writeFileSync(filesOf(id).plain, `${readFileSync(filesOf(id).plain, 'utf8')}{"v":1,"t":`);
    write(id, hello);
    const result = await call<{ damagedFile: string }>('sessions.repair', id);
    assert.ok(existsSync(result.damagedFile));
    assert.equal(recordOf(id).damage.unreadableLines, 0);
    assert.equal(recordOf(id).messages.length, 2);
  });

  it('write notes beside what the user wrote in the file', async () => {
    const file = path.join(openFolder(), 'SESSION_NOTES.md');
    const id = await begin({ title: 'Noted' });
    await call('sessions.addNote', 'Remember the milk');
    assert.equal(await call('sessions.createNotes'), file);
    writeFileSync(file, `${readFileSync(file, 'utf8')}\nMine.\n`);
    await call('sessions.rename', id, 'Noted anew');
    await call('sessions.updateNotes', id);
    const text = readFileSync(file, 'utf8');
    assert.match(text, /## Noted anew/);
    assert.match(text, /### Notes\n\n- Remember the milk\n/);
    assert.match(text, /\nMine\.\n$/);
    assert.deepEqual(recordOf(id).notes, ['Remember the milk']);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('search: open the picker, and do not wait for it', async () => {
    await begin({ title: 'Findable' });
    await call('sessions.search', 'find');
    await call('sessions.toggleAllWorkspaces');
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
  });

  it('copy an id', async () => {
    const id = await begin();
    await call('sessions.copyId', id);
    assert.equal(await vscode.env.clipboard.readText(), id);
  });
});

describe('what belongs to the current session', () => {
  afterEach(async () => {
    await killAllTasks();
    await removeAllSessions();
  });

  it('begins with the first task, named after it', async () => {
    const task = await runCommand('echo first');
    const [session] = openStore().list().sessions;
    assert.ok(session);
    assert.equal(session.title, 'echo first');
    await untilOver(task);
    const inRecord = await waitFor(() => {
      const found = recordOf(session.id).backgroundTasks[task];
      return found?.endTime !== null && found;
    });
    assert.equal(inRecord.status, 'completed');
    assert.equal(inRecord.exitCode, 0);
    await waitFor(
      () => openStore().fold(session.id).state.tasks.get(task)?.end?.status === 'completed',
      { describe: 'its end in the journal' },
    );
  });

  it('are files that are saved, as created or as modified', async () => {
    const id = await begin();
    const uri = vscode.Uri.file(path.join(openFolder(), `saved-${String(Date.now())}.txt`));
    writeFileSync(uri.fsPath, 'one');
    const document = await vscode.workspace.openTextDocument(uri);
    const save = async (text: string): Promise<void> => {
      const edit = new vscode.WorkspaceEdit();
      edit.insert(uri, new vscode.Position(0, 0), text);
      await vscode.workspace.applyEdit(edit);
      await document.save();
    };
    await save('two');
    const first = await waitFor(() => {
      const { created } = recordOf(id).fileContext;
      return created.length > 0 && created;
    });
    assert.deepEqual(first, [uri.fsPath]);
    await waitFor(() => isOlderThan(uri.fsPath, 3100));
    await save('three');
    await waitFor(() => recordOf(id).fileContext.modified.includes(uri.fsPath));
    assert.ok(recordOf(id).fileContext.details[uri.fsPath]?.hash);
  });

  it('are permissions, until they are revoked', async () => {
    const id = await begin();
    await call('permissions.add', { rule: 'Bash(npm run test)', decision: 'allow' });
    await call('permissions.add', { rule: 'Edit', decision: 'deny', scope: 'workspace' });
    assert.equal(
      await call('permissions.add', { rule: 'no rule (', decision: 'allow' }),
      undefined,
    );
    const record = recordOf(id);
    assert.deepEqual(record.permissions.approvedTools, ['Bash(npm run test)']);
    const expiresAt = Date.parse(record.permissions.details[0]?.expiresAt ?? '');
    const days = (expiresAt - Date.now()) / (24 * 60 * 60 * 1000);
    assert.ok(days > 29 && days <= 30, String(days));
    const permission = { rule: 'Bash(npm run test)', directory: undefined, scope: 'session' };
    await call('permissions.revoke', { permission });
    assert.deepEqual(recordOf(id).permissions.approvedTools, []);
    const denied = { rule: 'Edit', directory: undefined, scope: 'workspace' };
    assert.equal(await call('permissions.revoke', { permission: denied }), 'Edit');
    assert.equal(await call('permissions.revoke', { permission: denied }), undefined);
  });
});

function isOlderThan(file: string, ageMs: number): boolean {
  return Date.now() - statSync(file).birthtimeMs > ageMs;
}
