import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { HoldfastError } from '../../../src/core/common/errors.ts';
import {
  approveDirectory,
  approveRule,
  readCountingApprovals,
} from '../../../src/core/permissions/approvals.ts';
import { decideInWorkspace } from '../../../src/core/permissions/decideInWorkspace.ts';
import { describeFile } from '../../../src/core/sessions/describeFile.ts';
import type { NewLine } from '../../../src/core/sessions/journalLines.ts';
import { toStoredRecord } from '../../../src/core/sessions/mergeRecords.ts';
import { resumeSession } from '../../../src/core/sessions/resumeSession.ts';
import { createSessions, createWith, DAY_MS, userMessage } from '../../support/sessions.ts';

function readLine(file: string): NewLine {
  return { type: 'file', path: file, how: 'read', ...describeFile(file) };
}

describe('resumeSession', () => {
  it('has no news of a session in which nothing has happened', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 's', [userMessage('a')]);
    const { summary, lease } = resumeSession(sessions.store, 's');
    lease.dispose();
    assert.equal(summary.hasNews, false);
    assert.equal(summary.messageCount, 1);
    assert.equal(summary.cwd, sessions.folder);
  });

  it('tells what became of each file', async (t) => {
    const sessions = await createSessions(t);
    const file = (name: string): string => path.join(sessions.folder, name);
    const outside = path.join(path.dirname(sessions.folder), 'outside');
    for (const name of ['same', 'touched', 'changed', 'gone']) writeFileSync(file(name), name);
    writeFileSync(outside, 'x');
    symlinkSync(outside, file('link'));
    const all = ['same', 'touched', 'changed', 'gone', 'link'].map((name) => readLine(file(name)));
    createWith(sessions, 's', [...all, readLine(outside)]);
    rmSync(file('touched'));
    writeFileSync(file('touched'), 'touched');
    writeFileSync(file('changed'), 'other words');
    rmSync(file('gone'));
    const { summary, lease } = resumeSession(sessions.store, 's');
    lease.dispose();
    assert.deepEqual(summary.files, {
      unchanged: [file('same'), file('touched')],
      changed: [file('changed')],
      missing: [file('gone')],
      'not permitted': [file('link'), outside],
    });
    assert.equal(summary.hasNews, true);
  });

  it('drops approvals past their age, and keeps what never expires and what is denied', async (t) => {
    const sessions = await createSessions(t);
    const { host, store, clock } = sessions;
    const inDays = (days: number): string => new Date(clock.nowMs + days * DAY_MS).toISOString();
    const rule = (name: string, expiresAt?: string): NewLine => ({
      type: 'permission',
      rule: name,
      decision: 'allow',
      by: 'user',
      ...(expiresAt === undefined ? {} : { expiresAt }),
    });
    createWith(sessions, 's', [
      rule('Edit', inDays(1)),
      rule('Read', inDays(90)),
      rule('Bash(git:*)'),
      rule('Odd', 'some day'),
      { ...rule('Bash(rm:*)', inDays(1)), decision: 'deny' },
    ]);
    const decisionOf = async (tool: string): Promise<string> => {
      const { approvals } = readCountingApprovals(host.workspace, store.fold('s').state);
      const input = { file_path: 'a', command: 'git status' };
      return (
        await decideInWorkspace(host.workspace, { tool, input, approvals, nowMs: clock.nowMs })
      ).decision;
    };
    clock.nowMs += 40 * DAY_MS;
    const tools = ['Edit', 'Read', 'Bash', 'Odd'];
    const before = await Promise.all(tools.map(decisionOf));
    assert.deepEqual(before, ['ask', 'allow', 'allow', 'ask']);
    assert.deepEqual(store.record('s').permissions.approvedTools, ['Read', 'Bash(git:*)']);
    const { summary, lease } = resumeSession(store, 's');
    lease.dispose();
    const expired = summary.expiredPermissions.map((each) => each.rule);
    assert.deepEqual(expired, ['Edit', 'Odd']);
    const left = store.record('s').permissions.details.map((each) => each.rule);
    assert.deepEqual(left, ['Read', 'Bash(git:*)', 'Bash(rm:*)']);
    // What the resume keeps is what counts, and no more.
    assert.deepEqual(await Promise.all(tools.map(decisionOf)), before);
  });

  it('carries the approvals of the workspace over, and tells once which have expired', async (t) => {
    const sessions = await createSessions(t);
    const { host, store, clock } = sessions;
    const { workspace } = host;
    const shared = path.join(path.dirname(sessions.folder), 'shared');
    mkdirSync(shared);
    writeFileSync(path.join(shared, 'a'), 'x');
    const terms = { by: 'user', nowMs: clock.nowMs };
    approveRule({ workspace }, 'Edit', 'allow', { ...terms, expiresAfterDays: 1 });
    approveRule({ workspace }, 'Read', 'allow', terms);
    approveDirectory({ workspace }, shared, terms);
    createWith(sessions, 's', [
      { type: 'permission', rule: 'Write', decision: 'allow', by: 'user' },
      readLine(path.join(shared, 'a')),
    ]);
    const { approvedTools, directories, details } = store.record('s').permissions;
    assert.deepEqual(approvedTools, ['Write', 'Edit', 'Read']);
    assert.deepEqual(directories, [shared]);
    assert.deepEqual(
      details.map(({ scope }) => scope),
      ['session', 'workspace', 'workspace', 'workspace'],
    );
    clock.nowMs += 2 * DAY_MS;
    const first = resumeSession(store, 's');
    first.lease.dispose();
    assert.deepEqual(
      first.summary.expiredPermissions.map(({ rule, scope }) => [rule, scope]),
      [['Edit', 'workspace']],
    );
    assert.deepEqual(
      first.summary.directories.map(({ path: name, state }) => [name, state]),
      [[shared, 'ok']],
    );
    assert.deepEqual(first.summary.files['not permitted'], []);
    assert.deepEqual(store.record('s').permissions.approvedTools, ['Write', 'Read']);
    clock.nowMs += DAY_MS;
    const second = resumeSession(store, 's');
    second.lease.dispose();
    assert.deepEqual(second.summary.expiredPermissions, []);
    // They stay the workspace's: no session takes them with it, and none takes them away.
    assert.equal(sessions.text('s').includes('Edit'), false);
    assert.equal(readCountingApprovals(workspace).approvals.length, 3);
    const stored = JSON.stringify(toStoredRecord(store.record('s'))['permissions']);
    assert.match(stored, /Write/);
    assert.doesNotMatch(stored, /Read|Edit|shared/);
  });

  it('does not follow an approved directory whose name leads elsewhere now', async (t) => {
    const sessions = await createSessions(t);
    const root = path.dirname(sessions.folder);
    for (const name of ['good', 'evil', 'gone']) mkdirSync(path.join(root, name));
    const approve = (name: string): NewLine => ({
      type: 'permission',
      directory: path.join(root, name),
      realPath: realpathSync(path.join(root, name)),
      decision: 'allow',
      by: 'user',
    });
    symlinkSync(path.join(root, 'good'), path.join(root, 'link'));
    const inLink = path.join(root, 'link', 'file');
    writeFileSync(inLink, 'x');
    writeFileSync(path.join(root, 'evil', 'file'), 'x');
    createWith(sessions, 's', [
      approve('good'),
      approve('link'),
      approve('gone'),
      readLine(inLink),
    ]);
    rmSync(path.join(root, 'gone'), { recursive: true });
    rmSync(path.join(root, 'link'));
    symlinkSync(path.join(root, 'evil'), path.join(root, 'link'));
    const { summary, lease } = resumeSession(sessions.store, 's');
    lease.dispose();
    assert.deepEqual(
      summary.directories.map(({ state }) => state),
      ['ok', 'moved', 'missing'],
    );
    assert.deepEqual(summary.files['not permitted'], [inLink]);
    const { directories } = sessions.store.record('s').permissions;
    assert.deepEqual(directories, [path.join(root, 'good'), path.join(root, 'gone')]);
  });

  it('runs commands in the folder when its own directory is gone, and names open tool calls', async (t) => {
    const sessions = await createSessions(t);
    const cwd = path.join(sessions.folder, 'sub');
    mkdirSync(cwd);
    createWith(sessions, 's', [
      { type: 'cwd', path: cwd },
      {
        type: 'message',
        role: 'assistant',
        parts: [{ type: 'tool-call', id: 'c', name: 'Bash', input: {} }],
      },
    ]);
    renameSync(cwd, `${cwd}2`);
    const { summary, lease } = resumeSession(sessions.store, 's');
    lease.dispose();
    assert.equal(summary.missingCwd, cwd);
    assert.equal(summary.cwd, sessions.folder);
    assert.deepEqual(summary.openToolCalls, ['Bash']);
  });

  it('says of a task that nobody can find that it is gone, once', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 's', [{ type: 'task', id: 'bash_1', command: 'make' }]);
    const first = resumeSession(sessions.store, 's');
    first.lease.dispose();
    assert.deepEqual(
      first.summary.tasks.map(({ id, state }) => [id, state]),
      [['bash_1', 'gone']],
    );
    const second = resumeSession(sessions.store, 's');
    second.lease.dispose();
    assert.deepEqual(second.summary.tasks, []);
  });

  it('refuses what it cannot go on with, and says why', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 'newer');
    sessions.overwrite('newer', sessions.text('newer').replace('{"v":1', '{"v":7'));
    createWith(sessions, 'broken');
    sessions.overwrite('broken', Buffer.alloc(500));
    const codes = { newer: 'session.newerVersion', broken: 'session.damaged' } as const;
    for (const [id, code] of Object.entries(codes)) {
      assert.throws(
        () => resumeSession(sessions.store, id),
        (error) => HoldfastError.is(error, code),
      );
    }
    assert.throws(
      () => resumeSession(sessions.store, 'none'),
      (error) => HoldfastError.is(error, 'session.notFound'),
    );
  });
});
