import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { suggestRules } from '../../../src/core/permissions/suggestRules.ts';
import { approval, createFolder, decideCommand } from './folder.ts';

describe('a rule to offer', () => {
  const cases: readonly (readonly [command: string, rules: readonly string[]])[] = [
    ['git status', ['Bash(git status:*)']],
    ['npm run test', ['Bash(npm run test:*)']],
    ['npm test && git push origin main', ['Bash(npm test:*)', 'Bash(git push:*)']],
    ['timeout 5 cargo test -q', ['Bash(cargo test:*)']],
    ['cd sub && make', ['Bash(make)']],
    ['ls -la', ['Bash(ls:*)']],
    ['rm -rf build', []],
    ['sudo ls', []],
    ['git log $(date)', []],
    ['sh -c ls', []],
    ['mv a b', ['Bash(mv a b)']],
    ['node x.js', ['Bash(node x.js)']],
  ];
  for (const [command, expected] of cases) {
    it(`for ${command}: ${expected.join(', ') || 'none'}`, async () => {
      assert.deepEqual(await suggestRules({ tool: 'Bash', input: { command } }), expected);
    });
  }

  it('is left out for what is allowed already', async () => {
    const approvals = [approval('Bash(git:*)')];
    const wanted = { tool: 'Bash', input: 'git status; npm test', approvals, nowMs: 0 };
    assert.deepEqual(await suggestRules(wanted), ['Bash(npm test:*)']);
  });

  it('allows what it was offered for', async (t) => {
    const { folder } = await createFolder(t);
    for (const [command, allow] of cases.filter(([, rules]) => rules.length > 0)) {
      const { decision, reason } = await decideCommand(folder, command, { allow });
      assert.equal(decision, 'allow', `${command}: ${reason}`);
    }
  });

  it('is there for other tools', async () => {
    assert.deepEqual(await suggestRules({ tool: 'Edit', input: 'src/a.ts' }), ['Edit']);
    assert.deepEqual(await suggestRules({ tool: 'WebFetch', input: 'https://x.org/a' }), [
      'WebFetch(domain:x.org)',
    ]);
    assert.deepEqual(await suggestRules({ tool: 'mcp__a__b', input: '' }), ['mcp__a__b']);
  });
});
