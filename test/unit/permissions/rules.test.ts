import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HoldfastError } from '../../../src/core/common/errors.ts';
import { parseRule } from '../../../src/core/permissions/rule.ts';
import { approval, createFolder, decideCommand, NOW_MS } from './folder.ts';
import { decide } from '../../../src/core/permissions/decide.ts';

describe('a rule', () => {
  it('is a tool, or a tool with a specifier', () => {
    assert.deepEqual(parseRule(' Bash(npm run (x)) '), {
      text: 'Bash(npm run (x))',
      tool: 'Bash',
      specifier: 'npm run (x)',
    });
    assert.equal(parseRule('mcp__server__tool').specifier, undefined);
    assert.equal(parseRule('mcp__server__*').tool, 'mcp__server__*');
  });

  it('that cannot be understood is refused', () => {
    const bad = [
      '',
      'Bash()',
      'Bash( )',
      'Bash(',
      '(x)',
      'a b',
      '*',
      'mcp__a(b)',
      'WebFetch(https://x.org)',
    ];
    for (const text of [...bad, 'Bash(gіt\u200b:*)', `Bash(${'a'.repeat(3000)})`]) {
      assert.throws(
        () => parseRule(text),
        (error) => HoldfastError.is(error, 'input.invalid'),
        text,
      );
    }
  });
});

describe('deny, ask and allow', () => {
  const cases: readonly (readonly [string, string, string, string, string])[] = [
    ['git push', 'Bash(git:*)', '', 'Bash(git push:*)', 'deny'],
    ['git push', 'Bash(git push)', '', 'Bash(git:*)', 'deny'],
    ['git push', 'Bash(git push)', 'Bash(git push *)', '', 'ask'],
    ['git push', '', 'Bash(git push)', 'Bash(git push)', 'deny'],
    ['git status', 'Bash(git:*)', '', 'Bash', 'deny'],
    ['git status', 'Bash(git:*)', 'Bash(git push:*)', 'Bash(rm:*)', 'allow'],
    ['git status && rm x', 'Bash', '', 'Bash(rm:*)', 'deny'],
    ['echo $(rm x)', 'Bash(echo:*)', '', 'Bash(rm:*)', 'deny'],
    ['echo "a `rm x`"', 'Bash(echo:*)', '', 'Bash(rm:*)', 'deny'],
    ['echo <(rm x)', 'Bash(echo:*)', '', 'Bash(rm:*)', 'deny'],
    ['(a; { rm x; })', 'Bash', '', 'Bash(rm:*)', 'deny'],
    ['f() { rm x; }', 'Bash', '', 'Bash(rm:*)', 'deny'],
    ['FOO=1 rm x', 'Bash', '', 'Bash(rm:*)', 'deny'],
    ['/bin/rm x', 'Bash', '', 'Bash(rm:*)', 'deny'],
    [String.raw`\rm x`, 'Bash', '', 'Bash(rm:*)', 'deny'],
    [`r''m x`, 'Bash', '', 'Bash(rm:*)', 'deny'],
    ['env FOO=1 rm x', 'Bash', '', 'Bash(rm:*)', 'deny'],
    ['timeout 5 rm x', 'Bash', '', 'Bash(rm:*)', 'deny'],
    ['timeout --odd 5 rm x', 'Bash', '', 'Bash(rm:*)', 'deny'],
    ['nohup nice -n 5 rm x', 'Bash', '', 'Bash(rm:*)', 'deny'],
    ['sudo -u me rm x', 'Bash', '', 'Bash(rm:*)', 'deny'],
    ['ls | xargs -0 rm', 'Bash', '', 'Bash(rm:*)', 'deny'],
    ['find . -exec rm {} +', 'Bash', '', 'Bash(rm:*)', 'deny'],
    [`sh -c 'a; rm x'`, 'Bash', '', 'Bash(rm:*)', 'deny'],
    [`sudo bash -lc "cd / && rm x"`, 'Bash', '', 'Bash(rm:*)', 'deny'],
    [`sh -c "sh -c 'rm x'"`, 'Bash', '', 'Bash(rm:*)', 'deny'],
    ['eval "rm x"', 'Bash', '', 'Bash(rm:*)', 'deny'],
    ['eval rm x', 'Bash', '', 'Bash(rm:*)', 'deny'],
    ['exec rm x', 'Bash', '', 'Bash(rm:*)', 'deny'],
    ['watch "rm x"', 'Bash', '', 'Bash(rm:*)', 'deny'],
    [`trap 'rm x' EXIT`, 'Bash', '', 'Bash(rm:*)', 'deny'],
    ['export A=$(rm x)', 'Bash', '', 'Bash(rm:*)', 'deny'],
    ['if a; then rm x; fi', 'Bash', '', 'Bash(rm:*)', 'deny'],
    ['a; rm x; echo "unclosed', 'Bash', '', 'Bash(rm:*)', 'deny'],
    ['cat <<E\n$(rm x)\nE', 'Bash', '', 'Bash(rm:*)', 'deny'],
    ['$CMD x', 'Bash', '', 'Bash(rm:*)', 'ask'],
    ['git $X', 'Bash(git $X)', '', 'Bash(git push)', 'ask'],
    ['echo rm', 'Bash(echo:*)', '', 'Bash(rm:*)', 'allow'],
    ['echo x > secret/a', 'Bash(echo:*)', '', 'Edit(secret/**)', 'deny'],
    ['cat < secret/a', 'Bash(cat:*)', '', 'Read(secret/**)', 'deny'],
    ['echo x > notes/a', 'Bash(echo:*)', 'Write(notes/**)', '', 'ask'],
  ];
  for (const [command, allow, ask, deny, expected] of cases) {
    it(`${command} with ${[allow, ask && `ask ${ask}`, deny && `deny ${deny}`].filter(Boolean).join(', ')}: ${expected}`, async (t) => {
      const { folder } = await createFolder(t);
      const rules = {
        allow: allow ? [allow] : [],
        ask: ask ? [ask] : [],
        deny: deny ? [deny] : [],
      };
      const { decision, reason } = await decideCommand(folder, command, rules);
      assert.equal(decision, expected, reason);
    });
  }
});

describe('what a pattern covers', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['Bash(npm run test)', 'npm run test', true],
    ['Bash(npm run test)', 'npm  run   test', true],
    ['Bash(npm run test)', 'npm run "test"', true],
    ['Bash(npm run test)', 'npm run test x', false],
    ['Bash(npm run test)', 'npm run', false],
    ['Bash(npm run test:*)', 'npm run test', true],
    ['Bash(npm run test:*)', 'npm run testing', false],
    ['Bash(npm run test*)', 'npm run testing', true],
    ['Bash(npm run test*)', 'npm run testing x', false],
    ['Bash(npm run *)', 'npm run', true],
    ['Bash(npm * test)', 'npm run test', true],
    ['Bash(npm * test)', 'npm a b test', false],
    ['Bash(* --version)', 'node --version', true],
    ['Bash(*)', 'anything goes', true],
    ['Bash(git commit:*)', 'git "commit --amend"', false],
    ['Bash(git commit:*)', '"git commit"', false],
    ['Bash(git:*)', './git status', false],
    ['Bash(git:*)', '/usr/bin/git status', false],
    ['Bash(/usr/bin/git:*)', '/usr/bin/git status', true],
    ['Bash(git:*)', 'GIT status', false],
    ['Bash(git:*)', 'gitk', false],
    ['Bash(echo "a b")', `echo 'a b'`, true],
    ['Bash(echo "a b")', 'echo a b', false],
    ['Bash(ls *.ts)', 'ls *.ts', true],
    ['Bash(ls *.ts)', 'ls a.ts', true],
    ['Bash(ls *.ts)', 'ls *', false],
    ['Bash(timeout:*)', 'timeout 5 ls', false],
    ['Bash(timeout 5 ls)', 'timeout 5 ls', true],
    ['Bash(timeout 5 ls:*)', 'timeout 5 ls -l', true],
    ['Bash(sudo:*)', 'sudo ls', false],
    ['Bash(sudo ls:*)', 'sudo ls -l', true],
    ['Bash(ls:*)', 'sudo ls', false],
    ['Bash(xargs grep:*)', 'ls | xargs grep a', false],
    ['Edit', 'ls', false],
  ];
  for (const [rule, command, expected] of cases) {
    it(`${rule} ${expected ? 'covers' : 'does not cover'} ${command}`, async (t) => {
      const { folder } = await createFolder(t);
      const { decision, reason } = await decideCommand(folder, command, { allow: [rule] });
      assert.equal(decision === 'allow', expected, reason);
    });
  }
});

describe('a decision', () => {
  it('says what is missing, and what is not', async (t) => {
    const { folder } = await createFolder(t);
    const decision = await decideCommand(folder, 'npm test && rm -rf build', {
      allow: ['Bash(npm test)'],
    });
    assert.deepEqual(decision, {
      decision: 'ask',
      reason: '`rm -rf build` is not covered by an approval; `npm test` is',
    });
  });

  it('names the rule that decided', async (t) => {
    const { folder } = await createFolder(t);
    const decision = await decideCommand(folder, 'a; rm x', {
      allow: ['Bash'],
      deny: ['Bash(rm:*)'],
    });
    assert.deepEqual(decision, {
      decision: 'deny',
      rule: 'Bash(rm:*)',
      reason: '`rm x` is denied by Bash(rm:*)',
    });
  });

  it('does not count an approval that has expired, and says so', async (t) => {
    const { folder } = await createFolder(t);
    const approvals = [approval('Bash(ls)', 'allow', { expiresAtMs: NOW_MS })];
    const { decision, reason } = await decideCommand(folder, 'ls', {}, { approvals });
    assert.equal(decision, 'ask');
    assert.match(reason, /Bash\(ls\) allowed it until 2026-03-01/);
    const earlier = await decideCommand(folder, 'ls', {}, { approvals, nowMs: NOW_MS - 1 });
    assert.equal(earlier.decision, 'allow');
  });

  it('bypasses nothing in a workspace that is not trusted, and never a denial', async (t) => {
    const { folder } = await createFolder(t);
    const rules = { deny: ['Bash(rm:*)'], ask: ['Bash(git:*)'] };
    const ask = async (command: string, bypass: boolean, trusted: boolean): Promise<string> =>
      (await decideCommand(folder, command, rules, { mode: { bypass, trusted } })).decision;
    assert.equal(await ask('echo $(date)', true, true), 'allow');
    assert.equal(await ask('git push', true, true), 'allow');
    assert.equal(await ask('echo $(date)', true, false), 'ask');
    assert.equal(await ask('echo $(rm x)', true, true), 'deny');
    assert.equal(await ask('rm x', true, true), 'deny');
  });

  it('asks about what would run outside of the workspace, unless that directory was approved', async (t) => {
    const { folder, outside } = await createFolder(t);
    const away = { cwd: outside };
    assert.equal(
      (await decideCommand(folder, 'ls', { allow: ['Bash(ls)'] }, away)).decision,
      'ask',
    );
    const directory = { rule: undefined, directory: outside, realPath: outside };
    const approvals = [approval('Bash(ls)'), { ...approval(''), ...directory }];
    assert.equal((await decideCommand(folder, 'ls', {}, { ...away, approvals })).decision, 'allow');
    const moved = [approval('Bash(ls)'), { ...approval(''), ...directory, realPath: '/elsewhere' }];
    assert.equal(
      (await decideCommand(folder, 'ls', {}, { ...away, approvals: moved })).decision,
      'ask',
    );
  });

  it('takes a denial that it cannot read for one of the whole tool', async (t) => {
    const { folder } = await createFolder(t);
    const approvals = [approval('Bash(ls)'), approval('Bash()', 'deny')];
    assert.equal((await decideCommand(folder, 'ls', {}, { approvals })).decision, 'deny');
  });

  it('knows tools of MCP servers, web pages and others', async (t) => {
    const { folder } = await createFolder(t);
    const ask = async (
      tool: string,
      input: string,
      rule: string,
      kind: 'allow' | 'deny' = 'allow',
    ) =>
      (
        await decide({
          tool,
          input,
          workspaceFolder: folder,
          approvals: [approval(rule, kind)],
          nowMs: NOW_MS,
          mode: { bypass: false, trusted: true },
        })
      ).decision;
    assert.equal(await ask('mcp__a__b', '', 'mcp__a__b'), 'allow');
    assert.equal(await ask('mcp__a__b', '', 'mcp__a'), 'allow');
    assert.equal(await ask('mcp__a__b', '', 'mcp__a__*'), 'allow');
    assert.equal(await ask('mcp__ab__b', '', 'mcp__a'), 'ask');
    assert.equal(await ask('mcp__a__bc', '', 'mcp__a__b'), 'ask');
    assert.equal(await ask('mcp__a__b', '', 'mcp__a', 'deny'), 'deny');
    const page = 'WebFetch(domain:example.com)';
    assert.equal(await ask('WebFetch', 'https://example.com/a?b', page), 'allow');
    assert.equal(await ask('WebFetch', 'https://EXAMPLE.com./', page), 'allow');
    assert.equal(await ask('WebFetch', 'https://api.example.com/', page), 'ask');
    assert.equal(
      await ask('WebFetch', 'https://api.example.com/', 'WebFetch(domain:*.example.com)'),
      'allow',
    );
    assert.equal(
      await ask('WebFetch', 'https://notexample.com/', 'WebFetch(domain:*.example.com)'),
      'ask',
    );
    assert.equal(await ask('WebFetch', 'https://api.example.com/', page, 'deny'), 'deny');
    assert.equal(await ask('WebFetch', 'https://example.com@evil.org/', page), 'ask');
    assert.equal(await ask('WebFetch', 'https://example.com.evil.org/', page), 'ask');
    assert.equal(await ask('WebFetch', 'file:///etc/passwd', 'WebFetch'), 'ask');
    assert.equal(await ask('Task', 'explore', 'Task(explore)'), 'allow');
    assert.equal(await ask('Task', 'other', 'Task(explore)'), 'ask');
  });
});
