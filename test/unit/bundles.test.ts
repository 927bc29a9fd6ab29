import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';

const dist = path.resolve(import.meta.dirname, '../../dist');

describe('bundles that run outside the editor', () => {
  for (const name of ['cli.cjs', 'keeper.cjs']) {
    it(`${name} does not need the editor`, async () => {
      const text = await readFile(path.join(dist, name), 'utf8').catch((cause: unknown) => {
        throw new Error(`dist/${name} is not built: run "npm run build".`, { cause });
      });
      assert.doesNotMatch(text, /require\(\s*["'`]vscode["'`]\s*\)/);
    });
  }
});
