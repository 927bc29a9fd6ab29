import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { tempDir } from '../../support/tempDir.ts';

// claude-hook.sh alone: when it starts Node, which takes longer than all of the rest.

const SESSION = '7d9f1a52-0f1e-4c3a-9b55-7f4f1d8f0a01';
const root = path.resolve(import.meta.dirname, '../../..');
const fixture = path.join(root, 'test/fixtures/claude/transcript-2.1.330.jsonl');

class HookPlace {
  readonly home: string;
  readonly folder: string;
  readonly #calls: string;

  constructor(home: string, folder: string) {
    this.home = home;
    this.folder = folder;
    this.#calls = path.join(home, 'calls');
    this.write('bin/holdfast', `#!/bin/sh\necho "$*" >>'${this.#calls}'\n`, 0o755);
    copyFileSync(path.join(root, 'src/keeper/claude-hook.sh'), path.join(home, 'bin/claude-hook'));
  }

  write(name: string, text: string, mode = 0o600): string {
    const file = path.join(this.home, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
    return file;
  }

  /** A task that this conversation has started. */
  link(task: string): void {
    const link = { v: 1, directory: task, claudeTask: null, toolUse: null };
    this.write(`claude-code/sessions/${SESSION}/bash_1.json`, `${JSON.stringify(link)}\n`);
  }

  workspace(name: string, folder: string): void {
    const record = { schema: 1, folder, createdAt: '2026-01-01T00:00:00.000Z' };
    this.write(`workspaces/${name}/workspace.json`, `${JSON.stringify(record)}\n`);
    this.write(`workspaces/${name}/running/bash_1`, '');
  }

  /** What of `holdfast` was called meanwhile. */
  atStart(fields: object): string {
    const event = { session_id: SESSION, cwd: this.folder, hook_event_name: 'SessionStart' };
    const { status, stderr } = spawnSync(
      path.join(this.home, 'bin/claude-hook'),
      ['SessionStart'],
      {
        cwd: this.folder,
        input: JSON.stringify({ ...event, ...fields }),
        env: { PATH: process.env['PATH'] ?? '', CLAUDE_PROJECT_DIR: this.folder },
        encoding: 'utf8',
      },
    );
    assert.equal(status, 0);
    assert.equal(stderr, '');
    return existsSync(this.#calls) ? readFileSync(this.#calls, 'utf8') : '';
  }
}

async function openPlace(t: TestContext): Promise<HookPlace> {
  return new HookPlace(await tempDir(t), await tempDir(t));
}

const CALLED = 'hook SessionStart\n';
const resumed = { source: 'resume', transcript_path: fixture };

void describe('the hook at the start of a conversation starts Node', () => {
  test('not where there is nothing to tell', async (t) => {
    const place = await openPlace(t);
    assert.equal(place.atStart({ source: 'startup' }), '');
    assert.equal(place.atStart(resumed), '');
    place.workspace('elsewhere', `${place.folder}-elsewhere`);
    assert.equal(place.atStart(resumed), '');
  });

  test('where a call was cut off', async (t) => {
    const place = await openPlace(t);
    const message = { content: [{ type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} }] };
    const line = JSON.stringify({ type: 'assistant', message });
    const transcript = place.write('transcript', `${readFileSync(fixture, 'utf8')}${line}\n`);
    assert.equal(place.atStart({ source: 'startup', transcript_path: transcript }), '');
    assert.equal(place.atStart({ source: 'resume', transcript_path: transcript }), CALLED);
  });

  test('where a task runs in the folder, or in one that it lies in', async (t) => {
    for (const above of ['.', '..']) {
      const place = await openPlace(t);
      place.workspace('here', path.resolve(place.folder, above));
      assert.equal(place.atStart({ source: 'startup' }), CALLED);
    }
  });

  test('where a task of the conversation runs, or has ended since it was told', async (t) => {
    const place = await openPlace(t);
    const task = path.join(place.home, 'task');
    place.link(task);
    assert.equal(place.atStart(resumed), '', 'a task that was removed');
    mkdirSync(task);
    assert.equal(place.atStart(resumed), CALLED);
    const end = place.write('task/exit.json', '{}\n');
    const told = place.write(`claude-code/sessions/${SESSION}/told.json`, '{}\n');
    utimesSync(end, 1000, 2000);
    assert.equal(place.atStart(resumed), CALLED, 'nothing more');
    assert.equal(place.atStart({ source: 'compact' }), CALLED.repeat(2));
    utimesSync(told, 1000, 1000);
    assert.equal(place.atStart(resumed), CALLED.repeat(3));
  });
});
