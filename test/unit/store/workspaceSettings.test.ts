import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { workspaceOf, type Workspace } from '../../../src/core/store/workspace.ts';
import {
  readWorkspaceSettings,
  writeWorkspaceSettings,
} from '../../../src/core/store/workspaceSettings.ts';
import { defaultPolicy } from '../../../src/core/tasks/types.ts';
import { readSettings, workspaceSettingsOf } from '../../../src/vscode/settings.ts';
import { tempDir, type Cleanup } from '../../support/tempDir.ts';

async function openWorkspace(test: Cleanup): Promise<{ workspace: Workspace; file: string }> {
  const root = await tempDir(test);
  const workspace = workspaceOf(path.join(root, 'home'), root);
  mkdirSync(workspace.directory, { recursive: true });
  return { workspace, file: path.join(workspace.directory, 'settings.json') };
}

function settingsWith(values: Readonly<Record<string, unknown>>) {
  return workspaceSettingsOf(
    readSettings(
      (name) => values[name],
      (problem) => {
        throw problem;
      },
    ),
  );
}

describe('what is set in the editor', () => {
  it('is what the editor has as its own defaults where nothing was set', async (test) => {
    const { workspace } = await openWorkspace(test);
    assert.deepEqual(readWorkspaceSettings(workspace), settingsWith({}));
    writeWorkspaceSettings(workspace, settingsWith({}));
    assert.deepEqual(readWorkspaceSettings(workspace), settingsWith({}));
  });

  it('reaches other faces, except for what happens at the end of the window', async (test) => {
    const { workspace } = await openWorkspace(test);
    const settings = settingsWith({
      'tasks.outputLimitMiB': 3,
      'tasks.timeLimitMinutes': 90,
      'tasks.stopGraceSeconds': 1.5,
      'tasks.onShutdown': 'terminate',
      'tasks.retentionDays': 0.5,
      'tasks.maxTasks': 20,
      'tasks.lineBuffering': true,
      'sessions.retentionDays': 400,
    });
    writeWorkspaceSettings(workspace, settings);
    const read = readWorkspaceSettings(workspace);
    assert.deepEqual(read, { ...settings, policy: { ...settings.policy, shutdown: 'keep' } });
    assert.equal(read.policy.timeLimitSec, 90 * 60);
  });

  it('is not written again when it is the same', async (test) => {
    const { workspace, file } = await openWorkspace(test);
    writeWorkspaceSettings(workspace, settingsWith({}));
    const { ino } = statSync(file);
    writeWorkspaceSettings(workspace, settingsWith({}));
    assert.equal(statSync(file).ino, ino);
    writeWorkspaceSettings(workspace, settingsWith({ 'tasks.maxTasks': 5 }));
    assert.match(readFileSync(file, 'utf8'), /"maxTasks":5/);
  });

  it('counts as far as it can be read', async (test) => {
    const { workspace, file } = await openWorkspace(test);
    const tasks = { outputLimitBytes: -1, timeLimitSec: 'never', stopGraceSec: 7 };
    writeFileSync(file, JSON.stringify({ tasks, sessions: {}, later: true }));
    assert.deepEqual(readWorkspaceSettings(workspace).policy, {
      ...defaultPolicy,
      stopGraceSec: 7,
    });
    writeFileSync(file, '{ torn');
    assert.deepEqual(readWorkspaceSettings(workspace).policy, defaultPolicy);
  });
});
