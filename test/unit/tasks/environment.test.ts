import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  commandEnvironment,
  looksSecret,
  recordEnvironment,
  restoreEnvironment,
  userEnvironment,
} from '../../../src/core/tasks/environment.ts';

void describe('looksSecret', () => {
  const secrets: readonly (readonly [string, string])[] = [
    ['GITHUB_TOKEN', 'x'],
    ['npm_config__authToken_TOKEN', 'x'],
    ['AWS_SECRET_ACCESS_KEY', 'x'],
    ['DB_PASSWORD', 'x'],
    ['api_key', 'x'],
    ['ANTHROPIC_API_KEY', 'x'],
    ['SENTRY_DSN', 'x'],
    ['ANYTHING', 'ghp_0123456789abcdefghij'],
    ['ANYTHING', 'sk-ant-api03-xyz'],
    ['ANYTHING', 'eyJhbGciOi.eyJzdWIiOi.sig'],
    ['DATABASE_URL', 'postgres://user:secret@host/db'],
    ['ANYTHING', 'first line\n-----BEGIN RSA PRIVATE KEY-----\nabc'],
  ];
  for (const [name, value] of secrets) {
    void it(`takes ${name}=${JSON.stringify(value.slice(0, 24))} for a secret`, () => {
      assert.ok(looksSecret(name, value));
    });
  }

  const plain: readonly (readonly [string, string])[] = [
    ['PATH', '/usr/bin:/bin'],
    ['HOME', '/home/me'],
    ['LANG', 'C.UTF-8'],
    ['KEYBOARD', 'de'],
    ['MONKEY', 'x'],
    ['SSH_AUTH_SOCK', '/tmp/agent'],
    ['TOKEN_FILE', '/run/token'],
    ['REGISTRY', 'https://registry.example.org/'],
  ];
  for (const [name, value] of plain) {
    void it(`takes ${name}=${value} for none`, () => {
      assert.ok(!looksSecret(name, value));
    });
  }
});

void describe('userEnvironment', () => {
  void it('leaves out what belongs to the editor, to a process, or to another task', () => {
    const environment = userEnvironment({
      PATH: '/bin',
      EMPTY: '',
      ABSENT: undefined,
      ELECTRON_RUN_AS_NODE: '1',
      VSCODE_IPC_HOOK: 'x',
      PWD: '/x',
      SHLVL: '3',
      _: '/bin/env',
      HOLDFAST_TASK: 'x',
      HOLDFAST_TASK_ID: 'bash_7',
      HOLDFAST_HOME: '/kept',
      GIT_ASKPASS: '/opt/code/extensions/git/dist/askpass.sh',
      SSH_ASKPASS: '/usr/bin/ksshaskpass',
      NODE_OPTIONS: '--require /x/js-debug/bootloader.js',
    });
    assert.deepEqual(environment, {
      PATH: '/bin',
      EMPTY: '',
      HOLDFAST_HOME: '/kept',
      SSH_ASKPASS: '/usr/bin/ksshaskpass',
    });
  });
});

void describe('the record of an environment', () => {
  const names = fc.constantFrom('PATH', 'A', 'lower', 'MY_TOKEN', 'PASSWORD', 'URL');
  const values = fc.oneof(fc.string(), fc.constantFrom('ghp_x', 'a://u:p@h/', 'two\nlines'));

  void it('never holds the value of a secret, and gives everything back with their help', () => {
    fc.assert(
      fc.property(fc.dictionary(names, values, { noNullPrototype: true }), (environment) => {
        const record = recordEnvironment(environment);
        for (const [name, value] of Object.entries(record.set))
          assert.ok(!looksSecret(name, value));
        assert.deepEqual(restoreEnvironment(record, environment), { environment, missing: [] });
      }),
    );
  });

  void it('names the secrets that are not to be had any more', () => {
    const record = recordEnvironment({ A: '1', MY_TOKEN: 'x', PASSWORD: 'y' });
    const restored = restoreEnvironment(record, { A: '2', PASSWORD: 'new' });
    assert.deepEqual(restored.environment, { A: '1', PASSWORD: 'new' });
    assert.deepEqual(restored.missing, ['MY_TOKEN']);
  });
});

void describe('commandEnvironment', () => {
  void it('adds our marks over everything, and unbuffered Python under everything', () => {
    const task = { cookie: 'c', id: 'bash_1', cwd: '/w' };
    const given = { HOLDFAST_TASK: 'forged', PYTHONUNBUFFERED: '', A: '1' };
    assert.deepEqual(commandEnvironment(given, task), {
      A: '1',
      PYTHONUNBUFFERED: '',
      PWD: '/w',
      HOLDFAST_TASK_ID: 'bash_1',
      HOLDFAST_TASK: 'c',
    });
  });
});
