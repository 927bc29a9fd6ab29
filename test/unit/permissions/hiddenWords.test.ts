import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { besidesEnv, usualCommands, usualRules } from './everydayUnknown.ts';
import { createFolder, decideCommand } from './folder.ts';
import { hiddenOptions, hiddenRules } from './hiddenOptions.ts';
import { hiddenPaths } from './hiddenPaths.ts';

const bypassed = { mode: { bypass: true, trusted: true } };

describe('a word that is only partly known never hides', () => {
  for (const [what, commands] of Object.entries({ ...hiddenOptions, ...hiddenPaths })) {
    it(`${what} (${commands.length})`, async (t) => {
      const { folder } = await createFolder(t);
      for (const command of commands) {
        const { decision, reason } = await decideCommand(folder, command, { allow: hiddenRules });
        assert.equal(decision, 'ask', `${command}: ${reason}`);
      }
    });
  }

  it('what a pattern finds: a link out of the workspace, or a file that decides what runs', async (t) => {
    const { folder, outside } = await createFolder(t);
    writeFileSync(path.join(folder, 'a.code-workspace'), '');
    mkdirSync(path.join(folder, 'packages/b'));
    symlinkSync(outside, path.join(folder, 'packages/b/lib'));
    const allow = ['cp', 'rm', 'tee', 'gzip'].map((name) => `Bash(${name}:*)`);
    for (const command of [
      'cp x a.code-worksp?ce',
      'tee *.code-w*',
      'cp x a.*',
      'cp x packages/*/lib/y',
      'rm packages/*/l*',
      'gzip packages/*/lib/*',
      'rm -rf packages/*/lib/',
    ]) {
      const { decision, reason } = await decideCommand(folder, command, { allow });
      assert.equal(decision, 'ask', `${command}: ${reason}`);
    }
    for (const command of ['rm packages/a/*', 'cp packages/*/x.json dist/', 'gzip dist/*']) {
      const { decision, reason } = await decideCommand(folder, command, { allow });
      assert.equal(decision, 'allow', `${command}: ${reason}`);
    }
  });

  it('but everyday variables and patterns are let pass', async (t) => {
    const { folder } = await createFolder(t);
    for (const command of usualCommands) {
      const { decision, reason } = await decideCommand(folder, command, { allow: usualRules });
      assert.equal(decision, 'allow', `${command}: ${reason}`);
    }
  });
});

describe('a denied file', () => {
  const rules = {
    allow: ['Bash'],
    deny: ['Read(.env)', 'Read(secret/**)', 'Read(~/.ssh/**)', 'Edit(generated/**)'],
  };
  const denied = [
    'cat ~/.ssh/id_rsa',
    'grep -f.env x',
    'git -C sub status && cat .env',
    'cat .e?v .env',
  ];
  const doubtful = [
    'cat .e?v',
    'cat .env*',
    'cat .en${X}v',
    'cat ".en${X}v"',
    'cp .e?v x',
    'cat secret*/key',
    'cat s*/key',
    'cat */key',
    'cat {.env,x}',
    'cat .{env,x}',
    'cat .{e,f}{nv,x}',
    'cat src/.e*',
    'cat [.]env',
    'cat ./.e[n]v',
    'cat .[[:alpha:]]nv',
    'cat "$X"',
    'cat $HOME/.ssh/id_rsa',
    'cat ~/.s?h/id_rsa',
    'cat src/../.e?v',
    'cat s*/../.env',
    'cat $X/../.env',
    'grep x -- .e?v',
    'grep --file=.e?v x',
    'grep -f.e?v x',
    'grep $X .e?v',
    'cat < .e?v',
    'cat < .en${X}v',
    'cat < ~/.ssh/id_rsa',
    'touch gen*/x',
    'cp x gener${X}ated/y',
    'echo x > g?nerated/y',
    'dd if=.e?v of=x',
    'mytool .e?v',
    'mytool --x=.e?v',
    'mytool .en${X}v',
    'git show HEAD:.env',
    'git diff .e?v',
    'cd s*t && cat key',
    'cd "$X" && cat key < .env.local && cat .env',
    'xargs cat < list',
    'mkdir nope && cat nope/../.env',
    'mkdir nope && cat < nope/../.env',
    'cat x$PWD.txt',
    "sh -c 'cat .e?v'",
    'head -n1 packages/*/.env',
    `cat ${'.e?v '.repeat(500)}`,
  ];
  it('is one by any pattern, variable or braces that may mean it, also when asking is bypassed', async (t) => {
    const { folder } = await createFolder(t);
    for (const command of [...denied, ...doubtful]) {
      for (const mode of [{}, bypassed]) {
        const { decision, reason } = await decideCommand(folder, command, rules, mode);
        assert.notEqual(decision, 'allow', `${command}: ${reason}`);
        if (denied.includes(command)) assert.equal(decision, 'deny', `${command}: ${reason}`);
      }
    }
  });

  it('is one behind a link that a pattern finds', async (t) => {
    const { folder } = await createFolder(t);
    mkdirSync(path.join(folder, 'secret'));
    symlinkSync(path.join(folder, 'secret'), path.join(folder, 'sub/link'));
    for (const command of ['cat sub/*/key', 'cat sub/l*/key', 'cat sub/l*']) {
      const { decision } = await decideCommand(folder, command, rules);
      assert.equal(decision, 'ask', command);
    }
  });

  it('is none where a pattern cannot mean it', async (t) => {
    const { folder } = await createFolder(t);
    const envDenied = { allow: ['Bash'], deny: ['Read(.env)'] };
    for (const command of besidesEnv) {
      const { decision, reason } = await decideCommand(folder, command, envDenied);
      assert.equal(decision, 'allow', `${command}: ${reason}`);
    }
  });
});

describe('a star in a rule', () => {
  it('does not lead upwards, unless the rule itself does', async (t) => {
    const { folder } = await createFolder(t);
    mkdirSync(path.join(folder, 'scripts/a'), { recursive: true });
    const allow = ['rm dist/*', 'node scripts/*', 'tool --out=*', 'ls ../*'].map(
      (each) => `Bash(${each})`,
    );
    const decisionOf = async (command: string): Promise<string> =>
      (await decideCommand(folder, command, { allow })).decision;
    for (const command of [
      'rm dist/../src/main.ts',
      'rm dist/..',
      'node scripts/../src/main.ts',
      'node scripts/a/../../src/main.ts',
      'tool --out=../x',
      'tool --out=dist/../../x',
      'ls ../../x',
    ]) {
      assert.equal(await decisionOf(command), 'ask', command);
    }
    for (const command of ['rm dist/a.js', 'node scripts/a/b.js', 'tool --out=x..y', 'ls ../x']) {
      assert.equal(await decisionOf(command), 'allow', command);
    }
  });

  it('counts for a denial whichever way leads there', async (t) => {
    const { folder } = await createFolder(t);
    const rules = { allow: ['Bash'], deny: ['Bash(rm src/*)', 'Bash(git push:*)'] };
    for (const [command, expected] of [
      ['rm src/main.ts', 'deny'],
      ['rm dist/../src/main.ts', 'ask'],
      ['rm src/../dist/x', 'ask'],
      ['git -C sub push', 'deny'],
      ['git --no-pager push origin main', 'deny'],
      ['git p${X}ush', 'ask'],
      ['git log', 'allow'],
    ] as const) {
      const { decision, reason } = await decideCommand(folder, command, rules);
      assert.equal(decision, expected, `${command}: ${reason}`);
    }
  });
});

describe('what the shell fills itself', () => {
  it('is asked about, and so is a value that would split', async (t) => {
    const { folder } = await createFolder(t);
    for (const command of [
      'git log x$PS4--output=/etc/x',
      'git log a$BASH_EXECUTION_STRING',
      'bash -$- "rm x"',
      'LANG="x -delete"',
      'PORT=-o',
      'GLOBIGNORE=1',
    ]) {
      const { decision } = await decideCommand(folder, command, { allow: ['Bash'] });
      assert.equal(decision, 'ask', command);
    }
  });
});
