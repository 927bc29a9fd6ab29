import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { packageScripts } from '../../../src/vscode/commands/packageScripts.ts';
import { tempDir, type Cleanup } from '../../support/tempDir.ts';

async function project(test: Cleanup, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await tempDir(test);
  await mkdir(path.join(folder, '.git'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

const manifest = JSON.stringify({ scripts: { dev: 'vite', 'build it': 'tsc', broken: 7 } });

describe('the scripts of package.json', () => {
  it('are run by npm unless a lock file says otherwise', async (t) => {
    const folder = await project(t, { 'package.json': manifest });
    assert.deepEqual(packageScripts(folder), [
      { line: 'npm run dev', cwd: folder, description: 'vite' },
      { line: 'npm run "build it"', cwd: folder, description: 'tsc' },
    ]);
  });

  for (const [lockFile, program] of [
    ['pnpm-lock.yaml', 'pnpm'],
    ['yarn.lock', 'yarn'],
    ['bun.lock', 'bun'],
    ['package-lock.json', 'npm'],
  ] as const) {
    it(`are run by ${program} beside a ${lockFile}`, async (t) => {
      const folder = await project(t, { 'package.json': manifest, [lockFile]: '' });
      assert.equal(packageScripts(folder)[0]?.line, `${program} run dev`);
    });
  }

  it('of a package in a monorepo are run by the program of the whole', async (t) => {
    const folder = await project(t, { 'pnpm-lock.yaml': '', 'apps/web/package.json': manifest });
    assert.equal(packageScripts(path.join(folder, 'apps/web'))[0]?.line, 'pnpm run dev');
  });

  it('are none when there is no package.json, or none that can be read', async (t) => {
    assert.deepEqual(packageScripts(await project(t, {})), []);
    assert.deepEqual(packageScripts(await project(t, { 'package.json': '{ "scripts"' })), []);
    assert.deepEqual(packageScripts(await project(t, { 'package.json': '{"scripts":[]}' })), []);
  });
});
