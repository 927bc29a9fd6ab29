import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { listDamage } from '../../src/core/agents/claude-code/transcripts/damage.ts';
import { runGuard } from '../../src/vscode/claude/claudeGuard.ts';
import { listItems } from '../../src/vscode/sessions/pickerItems.ts';
import type { SessionWindow } from '../../src/vscode/sessions/sessionWindow.ts';
import { readSettings, type Settings } from '../../src/vscode/settings.ts';
import type { SessionNode } from '../../src/vscode/views/sessionNodes.ts';
import { SessionTreeProvider } from '../../src/vscode/views/sessionTreeProvider.ts';
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
