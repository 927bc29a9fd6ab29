import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
  installParts,
  refreshParts,
} from '../../../../src/core/agents/claude-code/installParts.ts';
import { holdfastParts } from '../../../../src/core/agents/claude-code/holdfastParts.ts';
import { tempDir } from '../../../support/tempDir.ts';

const scripts = path.resolve(import.meta.dirname, '../../../../src/keeper');
const target = { nodeExecutable: process.execPath, cliScript: '/nowhere/cli.cjs' };

test('the prefix lies beside the home, and is there when the home is deleted', async (t) => {
  const home = path.join(await tempDir(t), 'home');
  installParts(home, scripts, target);
  rmSync(home, { recursive: true });
  const { prefix, prefixPlaces } = holdfastParts(home);
  assert.equal(prefix, prefixPlaces[0]);
  assert.equal(statSync(prefix).mode & 0o777, 0o700);
});

test('the prefix lies inside the home where others may write beside it', async (t) => {
  const shared = path.join(await tempDir(t), 'shared');
  mkdirSync(shared);
  chmodSync(shared, 0o777);
  const home = path.join(shared, 'home');
  installParts(home, scripts, target);
  assert.equal(holdfastParts(home).prefix, path.join(home, 'bin', 'claude-prefix'));
});

test('nothing is installed that nobody asked for, and a part that has gone comes back', async (t) => {
  const home = path.join(await tempDir(t), 'home');
  const parts = holdfastParts(home);
  refreshParts(home, scripts, target, () => false);
  assert.ok(!existsSync(home) && !existsSync(parts.prefix));
  refreshParts(home, scripts, target, () => true);
  rmSync(parts.hook);
  writeFileSync(parts.prefix, 'of an earlier version');
  refreshParts(home, scripts, target, () => false);
  assert.ok(existsSync(parts.hook));
  assert.ok(statSync(parts.prefix).size > 1000);
});
