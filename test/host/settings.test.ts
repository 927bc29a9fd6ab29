import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { readSettings } from '../../src/vscode/settings.ts';
import { readWorkspaceSettings } from '../../src/core/store/workspaceSettings.ts';
import { waitFor } from '../support/waitFor.ts';
import {
  killAllTasks,
  readTaskOf,
  runCommand,
  untilOver,
  windowWorkspace,
} from './support/tasks.ts';

interface SettingSchema {
  readonly type: string;
  readonly default: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
}

interface Manifest {
  readonly contributes: {
    readonly configuration: { readonly properties: Readonly<Record<string, SettingSchema>> };
  };
}

function schemas(): Readonly<Record<string, SettingSchema>> {
  const extension = vscode.extensions.getExtension('holdfast.holdfast');
  assert.ok(extension);
  return (extension.packageJSON as Manifest).contributes.configuration.properties;
}

const configuration = (): vscode.WorkspaceConfiguration =>
  vscode.workspace.getConfiguration('holdfast');

async function withSettings(
  values: Readonly<Record<string, unknown>>,
  act: () => Promise<void>,
): Promise<void> {
  const update = async (name: string, value: unknown): Promise<void> => {
    await configuration().update(name, value, vscode.ConfigurationTarget.Global);
  };
  try {
    for (const [name, value] of Object.entries(values)) await update(name, value);
    await act();
  } finally {
    for (const name of Object.keys(values)) await update(name, undefined);
  }
}

describe('settings', () => {
  afterEach(killAllTasks);

  it('reach other faces through the store as soon as they change', async () => {
    await runCommand('true');
    const workspace = windowWorkspace();
    await withSettings({ 'tasks.timeLimitMinutes': 3, 'tasks.outputLimitMiB': 2 }, async () => {
      await waitFor(() => readWorkspaceSettings(workspace).policy.timeLimitSec === 180);
      assert.equal(readWorkspaceSettings(workspace).policy.outputLimitBytes, 2 * 1024 * 1024);
    });
    await waitFor(() => readWorkspaceSettings(workspace).policy.timeLimitSec === 0);
  });

  it('have the same defaults in the manifest and in the code', () => {
    const fromManifest = readSettings(
      (name) => schemas()[`holdfast.${name}`]?.default,
      (problem) => {
        throw problem;
      },
    );
    const fromCode = readSettings(
      () => undefined,
      (problem) => {
        throw problem;
      },
    );
    assert.deepEqual(fromManifest, fromCode);
  });

  it('have the same bounds in the manifest and in the code', () => {
    for (const [setting, { minimum, maximum }] of Object.entries(schemas())) {
      const name = setting.replace('holdfast.', '');
      // Those of models are read by modelSettings.ts, which takes the nearest number.
      if (name.startsWith('model.')) continue;
      const isAllowed = (value: unknown): boolean => {
        let isGood = true;
        readSettings(
          (asked) => (asked === name ? value : undefined),
          () => (isGood = false),
        );
        return isGood;
      };
      if (minimum === undefined || maximum === undefined) continue;
      assert.ok(isAllowed(minimum) && isAllowed(maximum), `${setting} refuses its bounds`);
      assert.ok(!isAllowed(minimum - 1) && !isAllowed(maximum + 1), `${setting} has no bounds`);
    }
  });

  it('shape the tasks that are started from then on', async () => {
    const values = {
      'tasks.outputLimitMiB': 2,
      'tasks.timeLimitMinutes': 3,
      'tasks.stopGraceSeconds': 1,
      'tasks.onShutdown': 'terminate',
    };
    await withSettings(values, async () => {
      const { policy } = readTaskOf(await runCommand('sleep 600'));
      assert.equal(policy.outputLimitBytes, 2 * 1024 * 1024);
      assert.equal(policy.timeLimitSec, 180);
      assert.equal(policy.stopGraceSec, 1);
      assert.equal(policy.shutdown, 'terminate');
    });
  });

  it('give way to their defaults when they are out of range', async () => {
    await withSettings({ 'tasks.outputLimitMiB': -5 }, async () => {
      const { policy } = readTaskOf(await runCommand('true'));
      assert.equal(policy.outputLimitBytes, 64 * 1024 * 1024);
    });
  });

  it('choose the shell', async () => {
    await withSettings({ 'tasks.shell': '/bin/echo' }, async () => {
      const task = await untilOver(await runCommand('any line'));
      assert.equal(task.outputBytes, '-c any line\n'.length);
    });
  });

  it('make C programs write line by line where stdbuf is there', async () => {
    await withSettings({ 'tasks.lineBuffering': true }, async () => {
      const id = await runCommand('echo "[$_STDBUF_O]"');
      const task = await untilOver(id);
      assert.equal(task.command, 'echo "[$_STDBUF_O]"');
      assert.equal(task.exitCode, 0);
    });
  });
});
