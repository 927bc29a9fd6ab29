import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { loadShellGrammar } from '../../src/core/permissions/shell/grammar.ts';
import { tempDir } from '../support/tempDir.ts';

const dist = path.resolve(import.meta.dirname, '../../dist');

describe('bundles that run outside the editor', () => {
  for (const name of ['cli.cjs', 'hook.cjs', 'keeper.cjs', 'indexer.cjs', 'guard.cjs']) {
    it(`${name} does not need the editor`, async () => {
      const required = await requiredBy(name);
      assert.ok(required.has('node:path'), [...required].join());
      assert.ok(!required.has('vscode'));
    });
  }

  it('keeper.cjs needs no other file, as it outlives the version that it came with', async () => {
    const required = [...(await requiredBy('keeper.cjs'))];
    assert.deepEqual(
      required.filter((name) => name.startsWith('.')),
      [],
    );
  });

  it('extension.cjs needs the editor', async () => {
    assert.ok((await requiredBy('extension.cjs')).has('vscode'));
  });
});

/** What a bundle and the parts of it require, sooner or later. */
async function requiredBy(name: string, found = new Set<string>()): Promise<Set<string>> {
  const text = await readFile(path.join(dist, name), 'utf8').catch((cause: unknown) => {
    throw new Error(`dist/${name} is not built: run "npm run build".`, { cause });
  });
  for (const [, required = ''] of text.matchAll(/require\(\s*["'`]([^"'`]+)["'`]\s*\)/g)) {
    if (found.has(required)) continue;
    found.add(required);
    if (required.startsWith('./')) await requiredBy(required, found);
  }
  return found;
}

describe('the parser of command lines', () => {
  it('is beside the bundles, where it is read from', async () => {
    const grammar = await loadShellGrammar(dist);
    const type = grammar.parse('git status', (root) => root?.child(0)?.type);
    assert.equal(type, 'command');
  });

  it('can be loaded by the bundled command line', async (test) => {
    const home = await tempDir(test);
    const { stdout } = await execa(
      process.execPath,
      [path.join(dist, 'cli.cjs'), 'permissions', 'check', 'Bash', 'ls && $(x)', '--json'],
      { cwd: home, env: { HOLDFAST_HOME: home }, stdin: 'ignore' },
    );
    assert.match(stdout, /command substitution/);
  });
});
