import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { describeFile } from '../../src/core/sessions/describeFile.ts';
import { begin, call, openStore, removeAllSessions, write } from './support/sessions.ts';
import { openFolder } from './support/tasks.ts';
import { waitFor } from '../support/waitFor.ts';

/** As a row of the view hands it over. */
function openFile(id: string, file: string): Promise<string> {
  return call<string>('sessions.openFile', { file: openStore().fold(id).state.files.get(file) });
}

/** What stands on the left of the comparison that is open. */
async function earlierText(file: string): Promise<string> {
  const input = await waitFor(() => {
    const { input: shown } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
    return shown instanceof vscode.TabInputTextDiff && shown;
  });
  assert.equal(input.modified.fsPath, file);
  const document = await vscode.workspace.openTextDocument(input.original);
  return document.getText();
}

/** Writes as another program would, a while later. */
function change(file: string, text: string): void {
  writeFileSync(file, text);
  const later = Date.now() / 1000 + 10;
  utimesSync(file, later, later);
}

describe('a file of a session, when it is opened', () => {
  let directory: string;

  beforeEach(() => {
    directory = path.join(openFolder(), `files-${String(Date.now())}`);
    mkdirSync(directory);
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await removeAllSessions();
    rmSync(directory, { recursive: true, force: true });
  });

  it('is compared with what the session saved, when it has changed since', async () => {
    const id = await begin();
    const file = path.join(directory, 'saved.ts');
    writeFileSync(file, '');
    const document = await vscode.workspace.openTextDocument(file);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'const answer = 42;\n');
    await vscode.workspace.applyEdit(edit);
    await document.save();
    await waitFor(() => openStore().fold(id).state.files.get(file)?.hash);
    assert.equal(await openFile(id, file), 'opened');
    change(file, 'const answer = 43;\n');
    assert.equal(await openFile(id, file), 'compared');
    assert.equal(await earlierText(file), 'const answer = 42;\n');
  });

  it('is compared with what Git has, where that is what the session knew', async () => {
    const git = (...args: string[]): void => {
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], {
        cwd: directory,
      });
    };
    const file = path.join(directory, 'committed.txt');
    git('init', '-q');
    writeFileSync(file, 'first\n');
    git('add', '.');
    git('commit', '-qm', 'first');
    const id = await begin();
    write(id, { type: 'file', path: file, how: 'read', ...describeFile(file) });
    change(file, 'second\n');
    git('commit', '-qam', 'second');
    change(file, 'third\n');
    await openRepository(directory);
    assert.equal(await openFile(id, file), 'compared');
    assert.equal(await earlierText(file), 'first\n');
  });

  it('opens as it is where nobody has the earlier version, and is said to be gone when it is', async () => {
    const id = await begin();
    const file = path.join(directory, 'opened.txt');
    writeFileSync(file, 'now');
    write(id, { type: 'file', path: file, how: 'read', hash: 'x', mtimeMs: 1, sizeBytes: 9 });
    assert.equal(await openFile(id, file), 'opened');
    rmSync(file);
    assert.equal(await openFile(id, file), 'missing');
  });
});

interface GitExtension {
  getAPI(version: 1): { openRepository(root: vscode.Uri): Promise<unknown> };
}

/** The editor's Git would find it by itself, but in its own time. */
async function openRepository(root: string): Promise<void> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  assert.ok(extension, 'the editor has no Git extension');
  const api = (await extension.activate()).getAPI(1);
  const repository = await waitFor(() => api.openRepository(vscode.Uri.file(root)));
  assert.ok(repository);
}
