import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { HoldfastError } from '../../../src/core/common/errors.ts';
import {
  ensureWorkspace,
  findWorkspace,
  listWorkspaces,
  workspaceOf,
} from '../../../src/core/store/workspace.ts';
import { tempDir, type Cleanup } from '../../support/tempDir.ts';

/** A home, and a tree `project/.git`, `project/a/b`. */
async function makeTree(test: Cleanup): Promise<{ home: string; project: string; deep: string }> {
  const root = await tempDir(test);
  const project = path.join(root, 'project');
  const deep = path.join(project, 'a', 'b');
  mkdirSync(deep, { recursive: true });
  mkdirSync(path.join(project, '.git'));
  return { home: path.join(root, 'home'), project, deep };
}

void describe('workspaceOf', () => {
  void it('is one and the same by whatever link a folder is reached', async (test) => {
    const { home, project } = await makeTree(test);
    const link = path.join(path.dirname(project), 'link');
    symlinkSync(project, link);
    assert.deepEqual(workspaceOf(home, link), workspaceOf(home, project));
    assert.match(path.basename(workspaceOf(home, link).directory), /^project-[0-9a-f]{12}$/);
  });

  void it('says when there is no such folder', async (test) => {
    const { home, project } = await makeTree(test);
    assert.throws(
      () => workspaceOf(home, path.join(project, 'missing')),
      (error) => HoldfastError.is(error, 'workspace.none'),
    );
  });
});

void describe('findWorkspace', () => {
  void it('is the git root above, as long as nothing has a store', async (test) => {
    const { home, project, deep } = await makeTree(test);
    assert.equal(findWorkspace(home, deep).folder, project);
  });

  void it('is the nearest folder above with a store, before the git root', async (test) => {
    const { home, project, deep } = await makeTree(test);
    ensureWorkspace(workspaceOf(home, project), 0);
    ensureWorkspace(workspaceOf(home, path.dirname(deep)), 0);
    assert.equal(findWorkspace(home, deep).folder, path.dirname(deep));
  });

  void it('is the folder itself where there is neither', async (test) => {
    const root = await tempDir(test);
    assert.equal(findWorkspace(path.join(root, 'home'), root).folder, root);
  });
});

void describe('listWorkspaces', () => {
  void it('lists those with a readable record, and there is none without a home', async (test) => {
    const { home, project, deep } = await makeTree(test);
    assert.deepEqual(listWorkspaces(home), []);
    const [one, two] = [workspaceOf(home, project), workspaceOf(home, deep)];
    ensureWorkspace(one, 0);
    ensureWorkspace(two, 0);
    writeFileSync(path.join(two.directory, 'workspace.json'), '{');
    assert.deepEqual(listWorkspaces(home), [one]);
  });
});
