import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { tempDir } from '../../support/tempDir.ts';
import { commandLine, type CallOptions, type CommandLine } from './support/commandLine.ts';

interface Status {
  readonly protected: boolean;
  readonly scopes: readonly { readonly scope: string; readonly settings: string }[];
}

const settingsIn = (folder: string): string => path.join(folder, '.claude', 'settings.local.json');

function makeFolder(parent: string, name: string): string {
  const folder = path.join(parent, name);
  mkdirSync(folder);
  return folder;
}

async function standing(
  cli: CommandLine,
  args: readonly string[],
  options: CallOptions,
): Promise<[boolean, string | undefined]> {
  const status = (await cli.json(['claude', 'status', ...args], options)) as Status;
  const ofFolder = status.scopes.find(({ scope }) => scope === 'workspace');
  return [status.protected, ofFolder?.settings];
}

describe('the folder in which the command line protects Claude Code', () => {
  it('is the one it is called in, whichever one above has the tasks', async (test) => {
    const cli = await commandLine(test);
    // That of the tasks, as the editor tells its terminals, too.
    await cli.json(['run', '--', 'true']);
    const folder = makeFolder(cli.workspace, 'sub');
    const env = {
      CLAUDE_CONFIG_DIR: await tempDir(test, 'holdfast-claude-'),
      HOLDFAST_WORKSPACE: cli.workspace,
    };
    const inFolder = { cwd: folder, env };
    await cli.json(['claude', 'protect', '--yes'], inFolder);
    assert.ok(existsSync(settingsIn(folder)) && existsSync(path.join(folder, '.mcp.json')));
    assert.deepEqual(readdirSync(cli.workspace), ['sub']);
    assert.deepEqual(await standing(cli, [], inFolder), [true, settingsIn(folder)]);
    assert.deepEqual(await standing(cli, [], { env }), [false, settingsIn(cli.workspace)]);
    await cli.json(['claude', 'unprotect'], inFolder);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('is the one that --workspace names, if there is such a folder', async (test) => {
    const cli = await commandLine(test);
    await cli.json(['run', '--', 'true']);
    const folder = makeFolder(cli.workspace, 'sub');
    const env = { CLAUDE_CONFIG_DIR: await tempDir(test, 'holdfast-claude-') };
    const named = ['--workspace', 'sub'];
    await cli.json(['claude', 'protect', '--yes', ...named], { env });
    assert.deepEqual(readdirSync(cli.workspace), ['sub']);
    assert.deepEqual(await standing(cli, named, { env }), [true, settingsIn(folder)]);
    await cli.json(['claude', 'unprotect', ...named], { env });
    assert.deepEqual(readdirSync(folder), []);
    const gone = await cli.call(['claude', 'protect', '--yes', '--workspace', 'nowhere'], { env });
    assert.notEqual(gone.exitCode, 0);
    assert.deepEqual(readdirSync(cli.workspace), ['sub']);
  });
});
