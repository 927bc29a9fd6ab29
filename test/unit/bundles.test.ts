import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { loadShellGrammar } from '../../src/core/permissions/shell/grammar.ts';

const dist = path.resolve(import.meta.dirname, '../../dist');

describe('bundles that run outside the editor', () => {
  for (const name of ['cli.cjs', 'keeper.cjs', 'indexer.cjs', 'guard.cjs']) {
    it(`${name} does not need the editor`, async () => {
      const text = await readFile(path.join(dist, name), 'utf8').catch((cause: unknown) => {
        throw new Error(`dist/${name} is not built: run "npm run build".`, { cause });
      });
      assert.doesNotMatch(text, /require\(\s*["'`]vscode["'`]\s*\)/);
    });
  }
});

describe('the parser of command lines', () => {
  it('is beside the bundles, where it is read from', async () => {
    const grammar = await loadShellGrammar(dist);
    const type = grammar.parse('git status', (root) => root?.child(0)?.type);
    assert.equal(type, 'command');
  });
});
