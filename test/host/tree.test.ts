import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { removeTask, renameTask } from '../../src/core/tasks/pruneTasks.ts';
import { TaskTreeProvider } from '../../src/vscode/views/taskTreeProvider.ts';
import { ViewRefresh } from '../../src/vscode/views/viewRefresh.ts';
import { waitFor } from '../support/waitFor.ts';
import { TaskWindow } from './support/taskWindow.ts';

describe('the rows of the view Background Tasks', () => {
  let window: TaskWindow;
  let tree: TaskTreeProvider;

  beforeEach(() => {
    window = new TaskWindow();
    tree = window.disposables.add(new TaskTreeProvider(window));
  });

  afterEach(async () => {
    await window.close();
  });

  function labelOf(item: vscode.TreeItem): string {
    return typeof item.label === 'object' ? item.label.label : (item.label ?? '');
  }

  async function tooltipOf(id: string): Promise<vscode.MarkdownString> {
    const { token } = new vscode.CancellationTokenSource();
    const item = await tree.resolveTreeItem(tree.getTreeItem(id), id, token);
    assert.ok(item.tooltip instanceof vscode.MarkdownString);
    return item.tooltip;
  }

  async function ended(id: string): Promise<void> {
    await waitFor(() => window.feed.get(id)?.status !== 'running', {
      describe: `the end of ${id}`,
    });
  }

  it('show running tasks first, then the others, newest on top', async () => {
    await window.start('sleep 600');
    await window.start('true');
    await ended('bash_2');
    await window.start('exit 3');
    await ended('bash_3');
    await window.start('sleep 600');
    assert.deepEqual(tree.getChildren(), ['bash_4', 'bash_1', 'bash_3', 'bash_2']);
    assert.deepEqual(tree.getChildren('bash_1'), []);
  });

  it('tell id, command, status, and the last line of output', async () => {
    await window.start("printf '\\033[32mListening on 3000\\033[0m\\n'; exec sleep 600");
    await waitFor(() => (window.feed.get('bash_1')?.outputBytes ?? 0) > 0);
    const item = tree.getTreeItem('bash_1');
    assert.equal(item.id, 'bash_1');
    assert.match(labelOf(item), /^bash_1 {2}printf/);
    assert.match(String(item.description), /^\d.* m?s · Listening on 3000$/);
    assert.equal(item.contextValue, 'task.running');
    assert.equal((item.iconPath as vscode.ThemeIcon).id, 'play-circle');
    assert.deepEqual(item.command?.arguments, ['bash_1']);
    assert.match(item.accessibilityInformation?.label ?? '', /^bash_1 printf.*, running, /);
  });

  it('tell how a task ended, and that it can be removed', async () => {
    await window.start('echo no; exit 3', 'my task');
    await ended('bash_1');
    const item = tree.getTreeItem('bash_1');
    assert.equal(labelOf(item), 'bash_1  my task');
    assert.match(String(item.description), /^exit 3 · .* m?s · no$/);
    assert.equal((item.iconPath as vscode.ThemeIcon).id, 'error');
    assert.equal(item.contextValue, 'task.finished');
  });

  it('have a tooltip with what is known of the task and its processes', async () => {
    const task = await window.start('while :; do :; done');
    const { value, isTrusted, supportHtml } = await tooltipOf('bash_1');
    for (const fact of ['Status', 'Directory', 'CPU', 'Memory', 'Output', 'Started']) {
      assert.ok(value.includes(`| ${fact} |`), `${fact} in ${value}`);
    }
    assert.ok(value.includes(`| Process | ${String(task.pid)}`));
    assert.equal(isTrusted, false);
    assert.equal(supportHtml, false);
  });

  it('let no command write Markdown into the tooltip', async () => {
    await window.start('true # [click](command:x) | <b> $(flame)', '**[x](command:y)**');
    await ended('bash_1');
    const { value } = await tooltipOf('bash_1');
    assert.ok(!/[^\\]\]\(command/.test(value), value);
    assert.ok(value.includes(String.raw`\[click\]\(command\:x\) \| \<b\> \$\(flame\)`), value);
  });

  it('change one by one when only they look different, and only then', async () => {
    await window.start('sleep 600');
    await window.start('exec cat >/dev/null');
    tree.getChildren().forEach((id) => tree.getTreeItem(id));
    const fired: (string[] | undefined)[] = [];
    window.disposables.add(tree.onDidChangeTreeData((ids) => fired.push(ids)));
    const task = window.feed.get('bash_1');
    assert.ok(task);
    renameTask(task, 'new name');
    window.feed.refresh();
    tree.refresh(['bash_1']);
    assert.deepEqual(fired, [['bash_1']]);
    tree.refresh('all');
    assert.deepEqual(fired, [['bash_1'], undefined]);
  });

  it('go when their task is removed', async () => {
    await window.start('true');
    await ended('bash_1');
    const task = window.feed.get('bash_1');
    assert.ok(task);
    removeTask(task);
    window.feed.refresh();
    assert.deepEqual(tree.getChildren(), []);
    assert.equal(tree.getTreeItem('bash_1').label, 'bash_1');
  });

  it('are fresh while a task writes ten thousand lines a second', async () => {
    const told: string[] = [];
    const refresh = window.disposables.add(
      new ViewRefresh((what) => {
        tree.refresh(what);
      }),
    );
    window.disposables.add(
      window.feed.onDidChange(({ changed }) => {
        refresh.request(changed.map(({ id }) => id));
      }),
    );
    await window.start(
      'i=0; while :; do seq -f "line %.0f" $i $((i+999)); i=$((i+1000)); sleep 0.1; done',
    );
    tree.getTreeItem('bash_1');
    window.disposables.add(
      tree.onDidChangeTreeData(() => {
        told.push(String(tree.getTreeItem('bash_1').description));
      }),
    );
    await waitFor(() => told.length >= 4);
    assert.equal(new Set(told).size, told.length, told.join('\n'));
  });
});
