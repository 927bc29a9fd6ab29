import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { ensureWorkspace, workspaceOf, type Workspace } from '../../../src/core/store/workspace.ts';
import { claimTaskId, sweepTombstones } from '../../../src/core/tasks/claimTaskId.ts';
import { finishRemovals, removeTask, tasksToPrune } from '../../../src/core/tasks/pruneTasks.ts';
import { tempDir, type Cleanup } from '../../support/tempDir.ts';
import { ended, snapshot } from './snapshot.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

async function makeWorkspace(test: Cleanup): Promise<Workspace> {
  const root = await tempDir(test);
  const workspace = workspaceOf(path.join(root, 'home'), root);
  ensureWorkspace(workspace, Date.now());
  return workspace;
}

function namesIn(workspace: Workspace): string[] {
  return readdirSync(path.join(workspace.directory, 'tasks')).sort();
}

/** Makes a claimed directory look as if nothing had happened in it for a time. */
function age(directory: string, days: number): void {
  const then = new Date(Date.now() - days * DAY_MS);
  utimesSync(directory, then, then);
}

void describe('claimTaskId', () => {
  void it('counts up from 1 and goes on after the highest', async (test) => {
    const workspace = await makeWorkspace(test);
    const ids = [1, 2, 3].map(() => path.basename(claimTaskId(workspace).path));
    assert.deepEqual(ids, ['bash_1', 'bash_2', 'bash_3']);
    mkdirSync(path.join(workspace.directory, 'tasks/bash_41'));
    mkdirSync(path.join(workspace.directory, 'tasks/bash_99x'));
    assert.equal(path.basename(claimTaskId(workspace).path), 'bash_42');
  });

  void it('does not give a number again after the newest task was removed', async (test) => {
    const workspace = await makeWorkspace(test);
    claimTaskId(workspace);
    const newest = claimTaskId(workspace);
    writeFileSync(newest.task, '{}');
    removeTask(ended({ directory: newest.path, number: 2 }));
    assert.deepEqual(readdirSync(newest.path), ['removed']);
    sweepTombstones(workspace, Date.now() + 365 * DAY_MS);
    assert.equal(path.basename(claimTaskId(workspace).path), 'bash_3');
  });
});

void describe('sweepTombstones', () => {
  void it('takes away old tombstones, and neither tasks, young ones, nor the highest', async (test) => {
    const workspace = await makeWorkspace(test);
    const [task, removed, unborn, young, highest] = [1, 2, 3, 4, 5].map(() =>
      claimTaskId(workspace),
    );
    assert.ok(task && removed && unborn && young && highest);
    writeFileSync(task.task, '{}');
    writeFileSync(removed.removed, '');
    for (const files of [task, removed, unborn, highest]) age(files.path, 2);
    sweepTombstones(workspace, Date.now());
    assert.deepEqual(namesIn(workspace), ['bash_1', 'bash_4', 'bash_5']);
  });

  void it('does nothing where there is no workspace', async (test) => {
    const workspace = await makeWorkspace(test);
    rmSync(workspace.directory, { recursive: true });
    sweepTombstones(workspace, Date.now());
  });
});

void describe('removing tasks', () => {
  void it('is finished by the next who looks, when it was interrupted', async (test) => {
    const workspace = await makeWorkspace(test);
    const files = claimTaskId(workspace);
    writeFileSync(files.task, '{}');
    mkdirSync(files.cursors);
    writeFileSync(files.removed, '');
    finishRemovals(workspace);
    assert.ok(existsSync(files.removed));
    assert.deepEqual(readdirSync(files.path), ['removed']);
  });

  void it('takes those past their age and, oldest first, those that are too many; none that runs', () => {
    const nowMs = 100 * DAY_MS;
    const tasks = [
      snapshot({ number: 1, createdAtMs: 0 }),
      ended({ number: 2, endedAtMs: nowMs - 8 * DAY_MS }),
      ended({ number: 3, endedAtMs: nowMs - 2 * DAY_MS }),
      ended({ number: 4, endedAtMs: nowMs - 3 * DAY_MS }),
      ended({ number: 5, endedAtMs: nowMs }),
    ];
    const numbers = (maxTasks: number, room = 0): number[] =>
      tasksToPrune(tasks, { maxTasks, maxAgeDays: 7 }, nowMs, room).map(({ number }) => number);
    assert.deepEqual(numbers(10), [2]);
    assert.deepEqual(numbers(4, 1), [2, 4]);
    assert.deepEqual(numbers(1), [2, 4, 3, 5]);
  });
});
