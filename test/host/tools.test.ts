import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { waitFor } from '../support/waitFor.ts';
import { lastSession } from './support/chat.ts';
import { call, recordOf, removeAllSessions } from './support/sessions.ts';
import { killAllTasks, openFolder, readTaskOf } from './support/tasks.ts';

/** As any other extension calls a tool. */
async function invoke(name: string, input: object): Promise<string> {
  const options = { input, toolInvocationToken: undefined };
  const { content } = await vscode.lm.invokeTool(`holdfast_${name}`, options);
  return content
    .map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : ''))
    .join('');
}

async function allow(...rules: string[]): Promise<void> {
  for (const rule of rules) {
    await call('permissions.add', { decision: 'allow', rule, scope: 'workspace' });
  }
}

describe('the tools for every agent of the editor', function () {
  this.timeout(60_000);

  before(async () => {
    await vscode.extensions.getExtension('holdfast.holdfast')?.activate();
  });

  afterEach(async () => {
    await killAllTasks();
    await removeAllSessions();
  });

  it('are listed with what a model has to know', async () => {
    const ours = await waitFor(() => {
      const found = vscode.lm.tools.filter(({ name }) => /^holdfast_/.test(name));
      return found.length >= 11 && found;
    });
    const bash = ours.find(({ name }) => name === 'holdfast_bash');
    assert.match(bash?.description ?? '', /run_in_background/);
    assert.ok(bash?.inputSchema);
  });

  it('carry the working directory and variables over, and journal the session', async () => {
    await allow('Bash(mkdir:*)', 'Bash(cd:*)', 'Bash(export:*)', 'Bash(echo:*)', 'Bash(pwd)');
    await invoke('bash', { command: 'mkdir -p inner' });
    await invoke('bash', { command: 'cd inner' });
    assert.match(await invoke('bash', { command: 'pwd' }), /inner\n/);
    const id = await lastSession();
    assert.equal(recordOf(id).cwd, path.join(openFolder(), 'inner'));
  });

  it('keep a background task, and read what is new of it', async () => {
    await allow('Bash(sleep:*)', 'Bash(echo:*)');
    const started = await invoke('bash', {
      command: 'echo begun; sleep 600',
      run_in_background: true,
    });
    const [id = ''] = /bash_\d+/.exec(started) ?? [];
    assert.equal(readTaskOf(id).status, 'running');
    const output = { bash_id: id, wait_ms: 5000 };
    assert.match(started + (await invoke('bash_output', output)), /begun/);
    await invoke('kill_bash', { bash_ids: [id] });
    assert.notEqual(readTaskOf(id).status, 'running');
  });

  it('respect what is not saved', async () => {
    const file = path.join(openFolder(), 'draft.txt');
    writeFileSync(file, 'saved\n');
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'un');
    await vscode.workspace.applyEdit(edit);
    assert.match(await invoke('read', { file_path: 'draft.txt' }), /unsaved/);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('refuse what a rule denies, with the reason', async () => {
    await call('permissions.add', {
      decision: 'deny',
      rule: 'Bash(touch:*)',
      scope: 'workspace',
    });
    await assert.rejects(invoke('bash', { command: 'touch denied' }), /Not allowed/);
    await call('permissions.revoke', {
      permission: { rule: 'Bash(touch:*)', directory: undefined, scope: 'workspace' },
    });
  });

  it('say what is wrong with a call', async () => {
    await assert.rejects(invoke('read', { file_path: 'no-such-file' }), /no-such-file/);
  });
});
