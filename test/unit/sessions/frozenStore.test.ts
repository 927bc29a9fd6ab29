import assert from 'node:assert/strict';
import { chmodSync, cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { silentLog } from '../../../src/core/common/log.ts';
import { readApprovals } from '../../../src/core/permissions/approvalFile.ts';
import { exportSession } from '../../../src/core/sessions/exportSession.ts';
import { Journal } from '../../../src/core/sessions/journal.ts';
import { repairSession } from '../../../src/core/sessions/repairSession.ts';
import type { SessionHost } from '../../../src/core/sessions/sessionHost.ts';
import { SessionStore } from '../../../src/core/sessions/sessionStore.ts';
import { listWorkspaces } from '../../../src/core/store/workspace.ts';
import { readCursor } from '../../../src/core/tasks/cursors.ts';
import { listTasks } from '../../../src/core/tasks/listTasks.ts';
import { readOutput } from '../../../src/core/tasks/output.ts';
import { userMessage } from '../../support/sessions.ts';
import { tempDir, type Cleanup } from '../../support/tempDir.ts';

const frozen = path.join(import.meta.dirname, '../../fixtures/state/v1');
const NOW_MS = Date.parse('2026-01-05T00:00:00.000Z');

/** A copy that may be written into, as its owner's home is: a checkout has other modes. */
async function thaw(t: Cleanup): Promise<SessionHost> {
  const home = path.join(await tempDir(t), 'home');
  cpSync(frozen, home, { recursive: true });
  chmodSync(home, 0o700);
  const [workspace] = listWorkspaces(home);
  assert.ok(workspace !== undefined);
  assert.equal(workspace.folder, '/home/dev/shop');
  return { workspace, face: 'test', clock: { now: () => NOW_MS }, log: silentLog };
}

describe('a store of schema 1, as its own version wrote it', () => {
  it('has its sessions', async (t) => {
    const store = new SessionStore(await thaw(t));
    const { sessions } = store.list();
    assert.deepEqual(
      sessions.map(({ id, messageCount, isDamaged }) => [id, messageCount, isDamaged]),
      [
        ['torn', 0, true],
        ['5d1c2f3a-0b4e-4c6d-8e7f-9a0b1c2d3e4f', 1, false],
        ['project-try', 3, false],
        ['project-main', 3, false],
      ],
    );
    assert.equal(sessions[1]?.isCompressed, true);
    assert.equal(store.record('project-try').parent, 'project-main');
  });

  it('has everything in a session', async (t) => {
    const record = exportSession(new SessionStore(await thaw(t)), 'project-main');
    assert.equal(record.title, 'The cart forgets its items');
    assert.equal(record.agent, 'claude-code');
    assert.equal(record.cwd, '/home/dev/shop/src');
    assert.deepEqual(record.branches, ['project-try']);
    assert.equal(record.isPinned, true);
    assert.deepEqual(
      record.messages.map(({ role, parts }) => [role, parts.map(({ type }) => type)]),
      [
        ['user', ['text']],
        ['assistant', ['text', 'tool-call']],
        ['tool', ['tool-result']],
      ],
    );
    assert.match(JSON.stringify(record.messages[0]), /Größe 寸法/);
    assert.deepEqual(record.environment, {
      set: { NODE_ENV: 'test' },
      unset: ['CI'],
      secretNames: ['API_TOKEN'],
    });
    assert.deepEqual(record.fileContext.modified, ['/home/dev/shop/src/cart.ts']);
    assert.deepEqual(record.fileContext.created, ['/home/dev/shop/src/store.ts']);
    assert.deepEqual(record.permissions.approvedTools, ['Bash(git:*)', 'Bash(npm run test:*)']);
    assert.deepEqual(record.permissions.details.map(({ rule, scope }) => [rule, scope]).at(0), [
      'Bash(git:*)',
      'session',
    ]);
    assert.deepEqual(record.permissions.directories, ['/home/dev/shared']);
    assert.deepEqual(record.backgroundTasks['bash_1']?.cursors, { cli: 9, agent: 14 });
    assert.equal(record.goals.length, 2);
    assert.deepEqual(record.notes, ['The store is written too late.']);
    assert.match(record.summary ?? '', /never came/);
    assert.deepEqual(record.damage, {
      unreadableLines: 0,
      duplicateLines: 0,
      missingLines: 0,
      isHeaderMissing: false,
    });
  });

  it('has its tasks with how they ended and what they wrote, and its approvals', async (t) => {
    const { workspace } = await thaw(t);
    const { tasks, unreadable } = listTasks(workspace, NOW_MS);
    assert.deepEqual(unreadable, []);
    const byId = new Map(tasks.map((task) => [task.id, task]));
    const [built, killed, lost] = ['bash_1', 'bash_2', 'bash_3'].map((id) => byId.get(id));
    assert.deepEqual(
      [built, killed, lost].map((task) => [task?.status, task?.exitCode, task?.signal]),
      [
        ['completed', 3, undefined],
        ['killed', 143, 'SIGTERM'],
        ['lost', undefined, undefined],
      ],
    );
    assert.ok(built !== undefined);
    assert.deepEqual([built.title, built.attempt], ['build', 2]);
    assert.equal(readCursor(built.directory, 'vscode'), 9);
    const { text } = readOutput(built.directory, { from: 0, isOver: true });
    assert.equal(text, 'building\ndone\n'.repeat(2));
    assert.deepEqual(
      readApprovals(workspace).approvals.map(({ rule, decision }) => [rule, decision]),
      [
        ['Bash(npm run test:*)', 'allow'],
        ['Bash(curl:*)', 'deny'],
      ],
    );
  });

  it('can be gone on with, and repaired', async (t) => {
    const host = await thaw(t);
    const store = new SessionStore(host);
    new Journal(host, '5d1c2f3a-0b4e-4c6d-8e7f-9a0b1c2d3e4f').append(userMessage('more'));
    assert.equal(store.record('5d1c2f3a-0b4e-4c6d-8e7f-9a0b1c2d3e4f').messageCount, 2);
    const { damagedFile = '', keptLines } = repairSession(store, 'torn');
    assert.equal(keptLines, 2);
    assert.match(readFileSync(damagedFile, 'utf8'), /"t":"20$/);
    assert.deepEqual(store.record('torn').notes, ['whole']);
  });
});
