import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { HoldfastError } from '../../../src/core/common/errors.ts';
import { userMessageFor } from '../../../src/core/common/userMessage.ts';
import { ensureHome, resolveHome } from '../../../src/core/store/home.ts';
import { tempDir } from '../../support/tempDir.ts';

const isWindows = process.platform === 'win32';

void describe('resolveHome', () => {
  void it('takes the environment before the setting, and the setting before the default', () => {
    const own = path.resolve('/own');
    assert.equal(resolveHome({ HOLDFAST_HOME: own }, '/set'), own);
    assert.equal(resolveHome({ HOLDFAST_HOME: '' }, own), own);
    assert.match(resolveHome({}, '  '), /holdfast/i);
  });

  void it('knows the user’s directory by its tilde', () => {
    assert.equal(resolveHome({}, '~/x'), path.join(os.homedir(), 'x'));
    assert.throws(
      () => resolveHome({}, 'relative/path'),
      (error) => HoldfastError.is(error, 'settings.outOfRange'),
    );
  });

  void it('names the variable when that is what is wrong', () => {
    assert.throws(
      () => resolveHome({ HOLDFAST_HOME: 'relative' }, '/set'),
      (error) => {
        assert.match(userMessageFor(error).message, /^The variable HOLDFAST_HOME cannot be used/);
        return true;
      },
    );
  });
});

void describe('ensureHome', { skip: isWindows }, () => {
  void it('creates the home for its user only', async (test) => {
    const home = path.join(await tempDir(test), 'a', 'home');
    ensureHome(home);
    assert.equal(statSync(home).mode & 0o777, 0o700);
    ensureHome(home);
  });

  void it('refuses a home that others may write to, with the command that mends it', async (test) => {
    const home = path.join(await tempDir(test), "it's home");
    mkdirSync(home);
    chmodSync(home, 0o777);
    const error = refusalOf(home);
    execFileSync('sh', ['-c', String(error.data['fix'])]);
    ensureHome(home);
  });

  void it(
    'refuses a home that another user owns',
    { skip: process.getuid?.() !== 0 },
    async (test) => {
      const home = path.join(await tempDir(test), 'home');
      mkdirSync(home, { mode: 0o700 });
      chownSync(home, 12345, 12345);
      assert.match(String(refusalOf(home).data['fix']), /^sudo chown -R .* '.*\/home'$/);
    },
  );

  void it('says when there is a file in its place', async (test) => {
    const home = path.join(await tempDir(test), 'home');
    writeFileSync(home, '');
    assert.throws(() => {
      ensureHome(home);
    }, HoldfastError);
  });
});

function refusalOf(home: string): HoldfastError {
  try {
    ensureHome(home);
  } catch (error) {
    if (HoldfastError.is(error, 'home.unsafe')) return error;
    throw error;
  }
  throw new Error(`${home} was not refused`);
}
