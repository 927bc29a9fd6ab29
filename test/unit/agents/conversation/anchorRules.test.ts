import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anchorRules } from '../../../../src/core/agents/conversation/anchorRules.ts';
import type { Approval, PermissionDecision } from '../../../../src/core/permissions/approval.ts';

const anchors = { base: '/all', folders: ['/all/app', '/lib'] };

function anchored(decision: PermissionDecision, rule: string, given = anchors): unknown[] {
  const approval: Approval = {
    rule,
    directory: undefined,
    realPath: undefined,
    decision,
    by: 'test',
    scope: 'workspace',
    givenAtMs: 0,
    expiresAtMs: undefined,
  };
  return anchorRules([approval], given).map((each) => each.rule);
}

describe('rules of a .code-workspace file', { skip: process.platform === 'win32' }, () => {
  it('begin beside the file where they name a path', () => {
    assert.deepEqual(anchored('allow', 'Edit(app/src/**)'), ['Edit(//all/app/src/**)']);
    assert.deepEqual(anchored('deny', 'Read(/app/secret)'), ['Read(//all/app/secret)']);
    assert.deepEqual(anchored('deny', 'Read(./app/x/../secret)'), ['Read(//all/app/secret)']);
  });

  it('begin at the root where the file lies there', () => {
    assert.deepEqual(anchored('deny', 'Read(app/x)', { base: '/', folders: [] }), [
      'Read(//app/x)',
    ]);
  });

  it('are about the open folders where they name a file in any directory, and forbid it beside them', () => {
    assert.deepEqual(anchored('allow', 'Read(.env)'), [
      'Read(//all/app/**/.env)',
      'Read(//lib/**/.env)',
    ]);
    const denied = ['Read(//all/**/.env)', 'Read(//all/app/**/.env)', 'Read(//lib/**/.env)'];
    assert.deepEqual(anchored('deny', 'Read(.env)'), denied);
    assert.deepEqual(anchored('deny', 'Read(x/../.env)'), denied);
    assert.deepEqual(anchored('deny', 'Read(**/.env)'), denied);
    for (const all of ['Edit(**)', 'Edit(.)', 'Edit(./)']) {
      assert.deepEqual(anchored('allow', all), ['Edit(//all/app/**)', 'Edit(//lib/**)']);
    }
  });

  it('stay as they are where they are no relative paths, or leave their folder', () => {
    for (const rule of ['Edit', 'Read(//etc/**)', 'Read(~/x)', 'Bash(npm test)', 'Read(../x/**)']) {
      assert.deepEqual(anchored('allow', rule), [rule]);
    }
  });

  it('allow nothing in a folder whose name would be a pattern', () => {
    const odd = { base: '/odd*', folders: ['/odd*/app'] };
    assert.deepEqual(anchored('allow', 'Edit(src/**)', odd), []);
    assert.deepEqual(anchored('deny', 'Edit(src/**)', odd), ['Edit(//odd*/src/**)']);
  });
});
