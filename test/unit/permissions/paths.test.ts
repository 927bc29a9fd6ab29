import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { decide } from '../../../src/core/permissions/decide.ts';
import { checkDirectory } from '../../../src/core/permissions/directories.ts';
import { tempDir } from '../../support/tempDir.ts';
import { approvalsOf, createFolder, NOW_MS, type Rules } from './folder.ts';

async function ask(folder: string, tool: string, file: string, rules: Rules): Promise<string> {
  const { decision } = await decide({
    tool,
    // Tools that search take a directory under another name.
    input: tool === 'Grep' ? { pattern: 'x', path: file } : { file_path: file },
    workspaceFolder: folder,
    approvals: approvalsOf(rules),
    nowMs: NOW_MS,
    mode: { bypass: false, trusted: true },
  });
  return decision;
}

describe('a rule about files', () => {
  const cases: readonly (readonly [tool: string, file: string, rule: string, expected: boolean])[] =
    [
      ['Read', 'src/main.ts', 'Read', true],
      ['Read', 'src/main.ts', 'Read(src/**)', true],
      ['Read', 'src/new/file.ts', 'Read(src/**)', true],
      ['Read', './src/../src/main.ts', 'Read(src/**)', true],
      ['Read', 'src/main.ts', 'Read(/src/**)', true],
      ['Read', 'src/main.ts', 'Read(src)', true],
      ['Read', 'src/main.ts', 'Read(*.ts)', true],
      ['Read', 'src/main.ts', 'Read(src/*.js)', false],
      ['Read', 'src/a/b.ts', 'Read(src/*.ts)', false],
      ['Read', 'package.json', 'Read(src/**)', false],
      ['Read', 'srcs/main.ts', 'Read(src/**)', false],
      ['Read', 'src/../package.json', 'Read(src/**)', false],
      ['Read', 'src/out/secret.txt', 'Read(src/**)', false],
      ['Read', 'src/out/secret.txt', 'Read', false],
      ['Read', 'src/out/../main.ts', 'Read(src/**)', false],
      ['Read', 'src/dangling', 'Read', false],
      ['Read', '../outside/secret.txt', 'Read', false],
      ['Read', '/etc/passwd', 'Read', false],
      ['Read', '/etc/passwd', 'Read(//etc/**)', true],
      ['Read', '/etc/passwd', 'Read(etc/**)', false],
      ['Read', '../outside/secret.txt', 'Read(../outside/**)', false],
      ['Read', '', 'Read', false],
      ['Read', 'a\0b', 'Read', false],
      ['Read', 'src/\u202emain.ts', 'Read', false],
      ['Read', '.git/config', 'Read', true],
      ['Grep', 'src', 'Read(src/**)', true],
      ['Edit', 'src/main.ts', 'Read(src/**)', false],
      ['Edit', 'src/main.ts', 'Edit(src/**)', true],
      ['Write', 'src/new.ts', 'Edit(src/**)', true],
      ['Write', 'src/new.ts', 'Edit', false],
      ['Write', 'src/new.ts', 'Write', true],
      ['Edit', 'src/main.ts', 'Write(src/**)', false],
      ['MultiEdit', 'src/main.ts', 'Edit', true],
      ['Edit', 'src/dangling', 'Edit', false],
      ['Edit', '.vscode/tasks.json', 'Edit', false],
      ['Edit', '.VSCode/tasks.json', 'Edit', false],
      ['Edit', '.vscode/tasks.json', 'Edit(**)', false],
      ['Edit', '.vscode/tasks.json', 'Edit(.vscode/**)', true],
      ['Edit', 'sub/.git/hooks/x', 'Edit', false],
      ['Edit', '.claude/settings.json', 'Edit', false],
    ];
  for (const [tool, file, rule, expected] of cases) {
    it(`${rule} ${expected ? 'covers' : 'does not cover'} ${tool} of ${JSON.stringify(file)}`, async (t) => {
      const { folder } = await createFolder(t);
      const decision = await ask(folder, tool, file, { allow: [rule] });
      assert.equal(decision === 'allow', expected);
    });
  }

  it('denies a file by any of its names', async (t) => {
    const { folder, outside } = await createFolder(t);
    const denies = (file: string, rule: string): Promise<string> =>
      ask(folder, 'Read', file, { allow: ['Read', 'Read(//**)'], deny: [rule] });
    assert.equal(await denies('src/out/secret.txt', 'Read(src/out/**)'), 'deny');
    assert.equal(await denies('src/out/secret.txt', `Read(/${outside}/**)`), 'deny');
    assert.equal(await denies('SRC/MAIN.ts', 'Read(src/**)'), 'deny');
    assert.equal(await denies('src/main.ts', 'Read(*.js)'), 'allow');
    assert.equal(await denies('x', 'Read'), 'deny');
  });

  it('looks at where a search pattern leads', async (t) => {
    const { folder } = await createFolder(t);
    const glob = async (input: Record<string, string>): Promise<string> =>
      (
        await decide({
          tool: 'Glob',
          input,
          workspaceFolder: folder,
          approvals: approvalsOf({ allow: ['Read'] }),
          nowMs: NOW_MS,
          mode: { bypass: false, trusted: true },
        })
      ).decision;
    assert.equal(await glob({ pattern: '**/*.ts' }), 'allow');
    assert.equal(await glob({ pattern: 'src/*.ts', path: '.' }), 'allow');
    assert.equal(await glob({ pattern: '/etc/*' }), 'ask');
    assert.equal(await glob({ pattern: '../outside/*' }), 'ask');
    assert.equal(await glob({ pattern: '*', path: '/etc' }), 'ask');
    assert.equal(await glob({ pattern: '*/../../../outside/*' }), 'ask');
  });
});

describe('a directory that was approved', () => {
  it('is good while it is there and leads where it led', async (t) => {
    const root = await tempDir(t);
    const real = path.join(root, 'real');
    const link = path.join(root, 'link');
    mkdirSync(real);
    symlinkSync(real, link);
    assert.deepEqual(checkDirectory(link, real), { kind: 'ok', realPath: real });
    mkdirSync(path.join(root, 'other'));
    rmSync(link);
    symlinkSync(path.join(root, 'other'), link);
    const moved = checkDirectory(link, real);
    assert.equal(moved.kind, 'moved');
    assert.ok('reason' in moved && moved.reason.includes('leads to'));
    renameSync(real, `${real}2`);
    assert.equal(checkDirectory(real, real).kind, 'missing');
    writeFileSync(real, '');
    assert.equal(checkDirectory(real, real).kind, 'notDirectory');
    assert.equal(checkDirectory(path.join(real, 'x')).kind, 'notDirectory');
  });
});
