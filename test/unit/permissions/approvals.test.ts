import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { HoldfastError } from '../../../src/core/common/errors.ts';
import {
  approveDirectory,
  approveRule,
  readCountingApprovals,
  revoke,
} from '../../../src/core/permissions/approvals.ts';
import { decideInWorkspace } from '../../../src/core/permissions/decideInWorkspace.ts';
import { createSession } from '../../../src/core/sessions/createSession.ts';
import { Journal } from '../../../src/core/sessions/journal.ts';
import { createSessions, DAY_MS, START_MS } from '../../support/sessions.ts';

describe('the approvals that count', () => {
  it('are those of the workspace and of the session, each as it was given last', async (t) => {
    const { host, store } = await createSessions(t);
    const { workspace } = host;
    const id = createSession(host);
    const terms = { by: 'test', nowMs: START_MS };
    const ofSession = { workspace, journal: new Journal(host, id) };
    const given = approveRule({ workspace }, ' Bash(ls:*) ', 'allow', terms);
    approveRule(ofSession, 'Edit', 'allow', { ...terms, expiresAfterDays: 1 });
    approveRule(ofSession, 'Bash(rm:*)', 'deny', { ...terms, expiresAfterDays: 1 });
    const { approvals } = readCountingApprovals(workspace, store.fold(id).state);
    assert.deepEqual(
      approvals.map(({ rule, decision, scope, expiresAtMs }) => [
        rule,
        decision,
        scope,
        expiresAtMs,
      ]),
      [
        ['Bash(ls:*)', 'allow', 'workspace', START_MS + 30 * DAY_MS],
        ['Edit', 'allow', 'session', START_MS + DAY_MS],
        // What was denied stays denied.
        ['Bash(rm:*)', 'deny', 'session', undefined],
      ],
    );
    assert.deepEqual(approvals[0], given);
    assert.equal(readCountingApprovals(workspace).approvals.length, 1);
  });

  it('are taken back where they were given', async (t) => {
    const { host, store } = await createSessions(t);
    const { workspace } = host;
    const id = createSession(host);
    const terms = { by: 'test', nowMs: START_MS };
    const ofSession = { workspace, journal: new Journal(host, id) };
    for (const place of [{ workspace }, ofSession]) approveRule(place, 'Read', 'allow', terms);
    const all = () => readCountingApprovals(workspace, store.fold(id).state).approvals;
    assert.equal(revoke(ofSession, all(), 'Read', terms)?.scope, 'session');
    assert.deepEqual(
      all().map(({ scope }) => scope),
      ['workspace'],
    );
    assert.equal(revoke(ofSession, all(), 'Read', terms), undefined);
    assert.equal(revoke({ workspace }, all(), 'Read', terms)?.scope, 'workspace');
    assert.deepEqual(all(), []);
  });

  it('let tools into a directory as long as it leads where it led, and never into our own store', async (t) => {
    const { host, folder } = await createSessions(t);
    const { workspace, clock } = host;
    const terms = { by: 'test', nowMs: START_MS };
    const other = path.join(folder, '../other');
    const link = path.join(folder, '../link');
    mkdirSync(other);
    symlinkSync(other, link);
    approveRule({ workspace }, 'Edit', 'allow', terms);
    const decisionOf = async (file: string): Promise<string> => {
      const { approvals } = readCountingApprovals(workspace);
      const use = { tool: 'Edit', input: file, approvals, nowMs: clock.now() };
      return (await decideInWorkspace(workspace, use)).decision;
    };
    assert.equal(await decisionOf(path.join(link, 'a')), 'ask');
    approveDirectory({ workspace }, link, terms);
    assert.equal(await decisionOf(path.join(link, 'a')), 'allow');
    rmSync(link);
    symlinkSync(folder, link);
    assert.equal(await decisionOf(path.join(other, 'a')), 'ask');
    approveDirectory({ workspace }, path.dirname(folder), terms);
    assert.equal(await decisionOf(path.join(other, 'a')), 'allow');
    assert.equal(await decisionOf(path.join(workspace.directory, 'permissions.jsonl')), 'ask');
    for (const directory of ['/', path.join(folder, 'nowhere')]) {
      assert.throws(
        () => approveDirectory({ workspace }, directory, terms),
        (error) => HoldfastError.is(error, 'input.invalid'),
      );
    }
  });
});
