import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
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

  /** A folder in which a task runs. */
  workspace(name: string, folder: string): void {
    this.emptyWorkspace(name, folder);
    this.write(`workspaces/${name}/running/bash_1`, '');
  }

  emptyWorkspace(name: string, folder: string): void {
    const record = { schema: 1, folder, createdAt: '2026-01-01T00:00:00.000Z' };
    this.write(`workspaces/${name}/workspace.json`, `${JSON.stringify(record)}\n`);
  }

  /** A task that a keeper of Node keeps: nothing says in one place that it runs. */
  nodeKept(name: string, id: string, pid: number): void {
    const identity = { pid, startTime: '1', bootId: 'x' };
    const record = { v: 1, keeper: identity, command: identity };
    this.write(`workspaces/${name}/tasks/${id}/keeper.json`, `${JSON.stringify(record)}\n`);
  }

  ended(name: string, id: string): void {
    this.write(`workspaces/${name}/tasks/${id}/exit.json`, '{"v":1,"code":0}\n');
  }

  /** What of `holdfast` was called up to its end. */
  atStart(fields: object): string {
    return this.hear('SessionStart', fields);
  }

  /** The same at the end of a turn of a Claude that is to be woken. */
  atStop(): string {
    const configDirectory = path.join(this.home, 'claude');
    this.write(`claude/sessions/${String(process.pid)}.json`, `{"sessionId":"${SESSION}"}\n`);
    this.write('claude-code/wake', '');
    return this.hear(
      'Stop',
      {},
      { CLAUDE_CONFIG_DIR: configDirectory, CLAUDE_CODE_ENTRYPOINT: 'cli', AI_AGENT: 'x' },
    );
  }

  /** About commands that are meant for the background. */
  notes(): string[] {
    return readdirSync(path.join(this.home, 'claude-code/pending', SESSION)).sort();
  }

  hear(name: string, fields: object, env: Readonly<Record<string, string>> = {}): string {
    const event = { session_id: SESSION, cwd: this.folder, hook_event_name: name };
    const { status, stderr } = spawnSync(path.join(this.home, 'bin/claude-hook'), [name], {
      cwd: this.folder,
      input: JSON.stringify({ ...event, ...fields }),
      env: { PATH: process.env['PATH'] ?? '', CLAUDE_PROJECT_DIR: this.folder, ...env },
      encoding: 'utf8',
    });
    assert.equal(status, 0);
    assert.equal(stderr, '');
    return existsSync(this.#calls) ? readFileSync(this.#calls, 'utf8') : '';
  }
}

async function openPlace(t: TestContext): Promise<HookPlace> {
  return new HookPlace(await tempDir(t), await tempDir(t));
}

/** The pid of a process that was, and that nothing has by now. */
function goneBy(): number {
  return spawnSync('true').pid;
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

  test('where a task runs that a keeper of Node keeps, among many that are over', async (t) => {
    const place = await openPlace(t);
    place.emptyWorkspace('here', place.folder);
    place.emptyWorkspace('elsewhere', `${place.folder}-elsewhere`);
    for (let number = 1; number <= 50; number += 1) {
      place.nodeKept('here', `bash_${String(number)}`, process.pid);
      place.ended('here', `bash_${String(number)}`);
    }
    place.nodeKept('elsewhere', 'bash_1', process.pid);
    place.nodeKept('here', 'bash_51', goneBy());
    place.write('workspaces/here/tasks/bash_52/removed', '');
    assert.equal(place.atStart({ source: 'startup' }), '');
    place.nodeKept('here', 'bash_53', process.pid);
    assert.equal(place.atStart({ source: 'startup' }), CALLED);
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

void describe('the hook at the end of a turn asks what to wait for', () => {
  test('where a task runs, whatever keeps it', async (t) => {
    const place = await openPlace(t);
    assert.equal(place.atStop(), '');
    place.emptyWorkspace('elsewhere', `${place.folder}-elsewhere`);
    place.nodeKept('elsewhere', 'bash_1', goneBy());
    assert.equal(place.atStop(), '');
    place.nodeKept('elsewhere', 'bash_2', process.pid);
    assert.equal(place.atStop(), 'hook open-tasks\n');
    const other = await openPlace(t);
    other.workspace('elsewhere', `${other.folder}-elsewhere`);
    assert.equal(other.atStop(), 'hook open-tasks\n');
  });
});

void describe('the hook before a command', () => {
  const background = (place: HookPlace, command: string, id: string): void => {
    place.hear('PreToolUse', {
      tool_name: 'Bash',
      tool_use_id: id,
      tool_input: { command, run_in_background: true },
    });
  };
  const foreground = (place: HookPlace, command: string): void => {
    place.hear('PreToolUse', { tool_name: 'Bash', tool_input: { command } });
  };

  test('leaves a note about one for the background', async (t) => {
    const place = await openPlace(t);
    background(place, 'echo "a" | cat', 'toolu_1');
    assert.deepEqual(place.notes(), ['toolu_1.json']);
  });

  test('takes the note about one away when the prefix could take another for it', async (t) => {
    const others = {
      'the same': 'echo "a b" 2>&1 | cat',
      'in other quotes': "echo 'a b'  2>&1|cat",
      'with a redirect such as Claude Code has moved': 'echo "a b" 2>&1 < /dev/null | cat',
    };
    for (const [what, other] of Object.entries(others)) {
      const place = await openPlace(t);
      background(place, 'echo "a b" 2>&1 | cat', 'toolu_1');
      background(place, 'echo "a b" 2>&1 | cat -n', 'toolu_2');
      foreground(place, 'echo "a b"');
      assert.deepEqual(place.notes(), ['toolu_1.json', 'toolu_2.json']);
      foreground(place, other);
      assert.deepEqual(place.notes(), ['toolu_2.json'], what);
    }
  });
});
