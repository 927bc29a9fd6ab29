import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type * as vscode from 'vscode';
import { addApproval } from '../../src/core/permissions/approvalFile.ts';
import { branchSession } from '../../src/core/sessions/branchSession.ts';
import { createSession } from '../../src/core/sessions/createSession.ts';
import { describeFile } from '../../src/core/sessions/describeFile.ts';
import { journalTask } from '../../src/core/sessions/sessionTasks.ts';
import type { SessionWindow } from '../../src/vscode/sessions/sessionWindow.ts';
import type { SessionNode } from '../../src/vscode/views/sessionNodes.ts';
import { SessionTreeProvider } from '../../src/vscode/views/sessionTreeProvider.ts';
import { waitFor } from '../support/waitFor.ts';
import { sessionsBeside } from './support/sessionsBeside.ts';
import { TaskWindow } from './support/taskWindow.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('the rows of the view Sessions', () => {
  let window: TaskWindow;
  let sessions: SessionWindow;
  let tree: SessionTreeProvider;

  beforeEach(() => {
    window = new TaskWindow();
    sessions = sessionsBeside(window);
    tree = window.disposables.add(new SessionTreeProvider(sessions));
  });

  afterEach(async () => {
    await window.close();
  });

  function beginAt(id: string, daysAgo: number): void {
    const atMs = Date.now() - daysAgo * DAY_MS;
    createSession({ ...window.host, clock: { now: () => atMs } }, { id, title: `Title of ${id}` });
  }

  function labels(node?: SessionNode): string[] {
    return tree.getChildren(node).map((child) => labelOf(tree.getTreeItem(child)));
  }

  function labelOf({ label, description }: vscode.TreeItem): string {
    const text = typeof label === 'object' ? label.label : (label ?? '');
    return text === '' ? String(description) : text;
  }

  function child(node: SessionNode | undefined, label: string): SessionNode {
    const found = tree
      .getChildren(node)
      .find((each) => labelOf(tree.getTreeItem(each)).startsWith(label));
    assert.ok(found, `no row ${label} in ${labels(node).join(', ')}`);
    return found;
  }

  it('are none in a workspace without sessions, so that the welcome text shows', async () => {
    await sessions.feed.loaded;
    assert.deepEqual(tree.getChildren(), []);
  });

  it('have the current session on top, and the others by day', async () => {
    beginAt('older', 100);
    beginAt('week', 4);
    beginAt('yesterday', 1);
    beginAt('today', 0);
    sessions.current.begin({ id: 'mine', title: 'Mine' });
    sessions.feed.refresh();
    await sessions.feed.loaded;
    assert.deepEqual(labels(), ['Mine', 'Today', 'Yesterday', 'Last week', 'Older']);
    assert.deepEqual(labels(child(undefined, 'Older')), ['Title of older']);
    const item = tree.getTreeItem(child(undefined, 'Mine'));
    assert.equal(item.contextValue, 'session.current.unpinned');
    assert.match(item.accessibilityInformation?.label ?? '', /^session Mine, current/);
  });

  it('say what belongs to the current session', async () => {
    const parent = createSession(window.host, { id: 'parent', title: 'Parent' });
    const id = branchSession(sessions.store, parent);
    sessions.current.reopen(id);
    const file = path.join(window.host.workspace.folder, 'a.txt');
    writeFileSync(file, 'one');
    sessions.current.append({ type: 'file', path: file, how: 'modified', ...describeFile(file) });
    sessions.current.append({ type: 'note', text: 'A note' });
    const expiresAt = new Date(Date.now() + 12.5 * DAY_MS).toISOString();
    const rule = 'Bash(npm test)';
    sessions.current.append({ type: 'permission', rule, decision: 'allow', by: 'user', expiresAt });
    addApproval(
      window.host.workspace,
      { rule: 'Edit', decision: 'deny', by: 'user', expiresAtMs: undefined },
      Date.now(),
    );
    const task = await window.start('sleep 600');
    journalTask(window.host, id, task);
    sessions.feed.refresh();
    await sessions.feed.loaded;

    const mine = child(undefined, 'Parent');
    assert.deepEqual(labels(mine), ['Tasks', 'Files', 'Permissions', 'Notes', 'Branches']);
    assert.equal(tree.getTreeItem(child(mine, 'Tasks')).description, '1, 1 running');
    const taskRow = tree.getTreeItem(child(child(mine, 'Tasks'), 'bash_1'));
    assert.equal(taskRow.contextValue, 'task.running');
    const fileRow = tree.getTreeItem(child(child(mine, 'Files'), 'a.txt'));
    assert.equal(fileRow.description, 'modified');
    writeFileSync(file, 'another text');
    const changed = tree.getTreeItem(child(child(mine, 'Files'), 'a.txt'));
    assert.equal(changed.description, 'modified · changed since');
    const permission = tree.getTreeItem(child(child(mine, 'Permissions'), 'Bash'));
    assert.equal(permission.description, 'allowed · this session · expires in 12 days');
    assert.equal(permission.contextValue, 'permission');
    const denial = tree.getTreeItem(child(child(mine, 'Permissions'), 'Edit'));
    assert.equal(denial.description, 'denied · whole workspace');
    assert.deepEqual(labels(child(mine, 'Branches')), ['Parent']);
  });

  it('show long lists in pages', async () => {
    for (let index = 0; index < 120; index += 1) beginAt(`s${String(index)}`, 0);
    sessions.feed.refresh();
    await sessions.feed.loaded;
    const today = child(undefined, 'Today');
    assert.equal(tree.getChildren(today).length, 51);
    assert.match(labels(today).at(-1) ?? '', /^Show more \(70 rows\)$/);
    tree.showMore('group Today');
    assert.equal(tree.getChildren(today).length, 101);
    tree.showMore('group Today');
    assert.equal(tree.getChildren(today).length, 120);
  });

  it('show what another program does to sessions', async () => {
    await sessions.feed.loaded;
    createSession(window.host, { id: 'from-elsewhere' });
    await waitFor(() => sessions.feed.get('from-elsewhere'));
  });
});
