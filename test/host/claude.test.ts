import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { listDamage } from '../../src/core/agents/claude-code/transcripts/damage.ts';
import { createSession } from '../../src/core/sessions/createSession.ts';
import { runGuard } from '../../src/vscode/claude/claudeGuard.ts';
import { createOpenSearch } from '../../src/vscode/sessions/openTextSearch.ts';
import { foundItems, listItems } from '../../src/vscode/sessions/pickerItems.ts';
import type { SessionWindow } from '../../src/vscode/sessions/sessionWindow.ts';
import { readSettings, type Settings } from '../../src/vscode/settings.ts';
import type { SessionNode } from '../../src/vscode/views/sessionNodes.ts';
import { SessionTreeProvider } from '../../src/vscode/views/sessionTreeProvider.ts';
import { waitFor } from '../support/waitFor.ts';
import { TranscriptWriter } from '../unit/agents/transcripts/support.ts';
import { sessionsBeside } from './support/sessionsBeside.ts';
import { TaskWindow } from './support/taskWindow.ts';

describe('Claude Code’s sessions', () => {
  let window: TaskWindow;
  let sessions: SessionWindow;
  let tree: SessionTreeProvider;
  let claudeDirectory: string;
  const earlier = process.env['CLAUDE_CONFIG_DIR'];
  const settings: Settings = readSettings(
    () => undefined,
    () => undefined,
  );

  beforeEach(() => {
    claudeDirectory = mkdtempSync(path.join(os.tmpdir(), 'holdfast-claude-'));
    process.env['CLAUDE_CONFIG_DIR'] = claudeDirectory;
    window = new TaskWindow();
    sessions = sessionsBeside(window);
    tree = window.disposables.add(new SessionTreeProvider(sessions));
  });

  afterEach(async () => {
    await window.close();
    if (earlier === undefined) delete process.env['CLAUDE_CONFIG_DIR'];
    else process.env['CLAUDE_CONFIG_DIR'] = earlier;
    rmSync(claudeDirectory, { recursive: true, force: true });
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  const writer = (): TranscriptWriter =>
    new TranscriptWriter({ claudeDirectory, folder: window.host.workspace.folder });

  function labels(node?: SessionNode): string[] {
    return tree.getChildren(node).map((row) => {
      const { label, description } = tree.getTreeItem(row);
      const text = typeof label === 'object' ? label.label : (label ?? '');
      return text === '' ? String(description) : text;
    });
  }

  it('are a group of the view, with files and background commands', async () => {
    const transcript = writer();
    transcript.prompt('fix the parser');
    transcript.tool('Edit', { file_path: path.join(window.host.workspace.folder, 'a.ts') });
    transcript.tool('Bash', { command: 'npm run dev' }, { backgroundTaskId: 'b1' });
    assert.deepEqual(labels(), ['Claude Code']);
    await runGuard(window, settings);
    const [group] = tree.getChildren();
    assert.deepEqual(labels(group), ['fix the parser']);
    const [session] = tree.getChildren(group);
    assert.deepEqual(labels(session), ['b1: npm run dev (running)', 'modified a.ts']);
    const view = { sessions, buttons: [], maxRows: 10, elsewhere: [] };
    assert.deepEqual(
      listItems(view).map(({ label }) => label),
      ['Claude Code', 'fix the parser'],
    );
  });

  it('are found by their text in the picker, beside those of Holdfast', async () => {
    const transcript = writer();
    transcript.prompt('fix the parser');
    transcript.answer({ type: 'text', text: 'The tokenizer drops a surrogate.' });
    const id = createSession(sessions.window.host, { title: 'surrogate mother board' });
    sessions.feed.refresh();
    const search = await createOpenSearch(window)();
    const { folder } = window.host.workspace;
    const hits = await waitFor(async () => {
      await search.refresh();
      const options = { limit: 10, workspace: folder, signal: new AbortController().signal };
      const answer = await search.search('surrogate', options);
      return answer.hits.some(({ source }) => source === 'claude') && answer.hits;
    });
    const view = { sessions, buttons: [], maxRows: 10, elsewhere: [] };
    const rows = foundItems(view, ['surrogate'], hits);
    assert.deepEqual(
      rows.map(({ label, detail, target }) => ({ label, detail, target })),
      [
        { label: 'surrogate mother board', detail: undefined, target: { id } },
        {
          label: 'fix the parser',
          detail: 'assistant: The tokenizer drops a surrogate.',
          target: { id: transcript.id, isClaude: true },
        },
      ],
    );
  });

  it('go on in a terminal', async () => {
    const { id } = writer();
    const before = new Set(vscode.window.terminals);
    await vscode.commands.executeCommand('holdfast.claude.resume', id);
    const opened = vscode.window.terminals.filter((terminal) => !before.has(terminal));
    assert.deepEqual(
      opened.map(({ name }) => name),
      ['Claude: session'],
    );
    opened[0]?.dispose();
  });

  it('begin in a terminal, under a name that is fit for one', async () => {
    const before = new Set(vscode.window.terminals);
    const begin = (name: string): Thenable<unknown> =>
      vscode.commands.executeCommand('holdfast.claude.new', name);
    assert.equal(await begin('project-main'), 'project-main');
    assert.equal(await begin('$(touch oops)'), undefined);
    const opened = vscode.window.terminals.filter((terminal) => !before.has(terminal));
    assert.deepEqual(
      opened.map(({ name }) => name),
      ['Claude: project-main'],
    );
    opened[0]?.dispose();
  });

  it('are guarded: what was deleted is noted, and told once', async () => {
    const transcript = writer();
    transcript.prompt('do not lose me');
    await runGuard(window, settings);
    const before = readFileSync(transcript.path);
    rmSync(transcript.path);
    await runGuard(window, settings);
    const [damage, ...others] = listDamage(window.host.workspace.home);
    assert.equal(others.length, 0);
    assert.equal(damage?.kind, 'deleted');
    assert.equal(damage.isTold, true);
    assert.equal(damage.vanished.bytes, before.length);
  });
});
