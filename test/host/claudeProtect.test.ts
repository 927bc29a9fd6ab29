import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { holdfastParts, settingsFilesOf } from '../../src/core/agents/claude-code/holdfastParts.ts';
import { hasMark } from '../../src/core/agents/claude-code/hookMarks.ts';
import { readProtection } from '../../src/core/agents/claude-code/protect.ts';
import { waitFor } from '../support/waitFor.ts';
import { openFolder, windowWorkspace } from './support/tasks.ts';

const SETTINGS = '{\n\t// mine\n\t"model": "opus"\n}\n';

describe('the commands that protect Claude Code', () => {
  let claudeDirectory: string;
  const earlier = process.env['CLAUDE_CONFIG_DIR'];
  const home = (): string => windowWorkspace().home;
  const inFolder = (): string => settingsFilesOf('workspace', openFolder(), {}).settings;

  const execute = async (name: string, argument?: string): Promise<unknown> =>
    vscode.commands.executeCommand(`holdfast.claude.${name}`, argument);

  beforeEach(() => {
    claudeDirectory = mkdtempSync(path.join(os.tmpdir(), 'holdfast-claude-'));
    process.env['CLAUDE_CONFIG_DIR'] = claudeDirectory;
    mkdirSync(path.dirname(inFolder()), { recursive: true });
    writeFileSync(inFolder(), SETTINGS);
  });

  afterEach(async () => {
    await execute('unprotect');
    rmSync(path.dirname(inFolder()), { recursive: true, force: true });
    if (earlier === undefined) delete process.env['CLAUDE_CONFIG_DIR'];
    else process.env['CLAUDE_CONFIG_DIR'] = earlier;
    rmSync(claudeDirectory, { recursive: true, force: true });
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('protect in this folder, say so, and take it back byte for byte', async () => {
    assert.deepEqual(await execute('status'), []);
    assert.equal(await execute('protect', 'workspace'), 'workspace');
    const files = settingsFilesOf('workspace', openFolder(), {});
    const { isProtected, hasMcpServer, isInstalled } = readProtection(home(), files);
    assert.ok(isProtected && hasMcpServer && isInstalled);
    assert.deepEqual(await execute('status'), ['workspace']);
    assert.deepEqual(await execute('unprotect'), [files.settings, files.mcp]);
    assert.equal(readFileSync(files.settings, 'utf8'), SETTINGS);
    assert.ok(!existsSync(files.mcp ?? ''));
    assert.deepEqual(await execute('status'), []);
    assert.deepEqual(await execute('unprotect'), []);
  });

  it('protect in all folders, by the user’s own settings', async () => {
    const { settings } = settingsFilesOf('user', openFolder(), process.env);
    assert.equal(await execute('protect', 'user'), 'user');
    const { prefix } = holdfastParts(home());
    const written = JSON.parse(readFileSync(settings, 'utf8')) as { env: object };
    assert.deepEqual(written.env, { CLAUDE_CODE_SHELL_PREFIX: prefix });
    assert.equal(readFileSync(inFolder(), 'utf8'), SETTINGS);
    assert.deepEqual(await execute('status'), ['user']);
    assert.deepEqual(await execute('unprotect'), [settings]);
    assert.ok(!existsSync(settings));
  });

  it('tell the hooks what is set, as soon as it is', async () => {
    const settings = vscode.workspace.getConfiguration('holdfast');
    const set = async (name: string, value: boolean | undefined): Promise<void> => {
      await settings.update(`claude.${name}`, value, vscode.ConfigurationTarget.Global);
    };
    await set('wakeOnTaskEnd', true);
    await waitFor(() => hasMark(home(), 'wake'));
    await set('wakeOnTaskEnd', undefined);
    await waitFor(() => !hasMark(home(), 'wake'));
    await set('guardTranscripts', false);
    await waitFor(() => hasMark(home(), 'no-mirror'));
    await set('guardTranscripts', undefined);
    await waitFor(() => !hasMark(home(), 'no-mirror'));
  });

  it('write nothing into settings that they cannot read, and say why', async () => {
    writeFileSync(inFolder(), '{ broken');
    assert.equal(await execute('protect', 'workspace'), undefined);
    assert.equal(readFileSync(inFolder(), 'utf8'), '{ broken');
    writeFileSync(inFolder(), SETTINGS);
  });
});
