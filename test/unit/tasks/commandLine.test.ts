import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { HoldfastError } from '../../../src/core/common/errors.ts';
import {
  commandFromArguments,
  defaultShell,
  resolveCommand,
} from '../../../src/core/tasks/commandLine.ts';

void describe('commandFromArguments', () => {
  void it('takes one argument for a shell line and several for an argv', () => {
    assert.deepEqual(commandFromArguments(['a | b']), { kind: 'line', line: 'a | b' });
    assert.deepEqual(commandFromArguments(['a', 'b c']), { kind: 'argv', argv: ['a', 'b c'] });
  });
});

void describe('resolveCommand', () => {
  void it('gives a line to the shell as it is written', () => {
    const line = ' echo "$HOME"  # x';
    const { argv, text } = resolveCommand({ kind: 'line', line }, '/bin/sh', 'linux');
    assert.deepEqual(argv, ['/bin/sh', '-c', line]);
    assert.equal(text, line.trim());
  });

  void it(
    'shows an argv as a line that a shell takes apart the same way',
    { skip: process.platform === 'win32' },
    () => {
      const word = fc
        .string({ unit: 'grapheme', maxLength: 12 })
        .filter((text) => !text.includes('\0'));
      fc.assert(
        fc.property(fc.array(word, { maxLength: 4 }), (words) => {
          const command = { kind: 'argv', argv: ['printf', '%s\\0', ...words, 'end'] } as const;
          const { argv, text } = resolveCommand(command, '/bin/sh', 'linux');
          assert.deepEqual(argv, command.argv);
          const printed = execFileSync('/bin/sh', ['-c', text], { encoding: 'utf8' });
          assert.deepEqual(printed.split('\0'), [...words, 'end', '']);
        }),
        { numRuns: 50 },
      );
    },
  );

  void it('refuses what is no command', () => {
    for (const line of ['', ' \n']) {
      assert.throws(
        () => resolveCommand({ kind: 'line', line }, 'sh'),
        (error) => HoldfastError.is(error, 'task.commandEmpty'),
      );
    }
    for (const argv of [[], [''], ['', 'x']]) {
      assert.throws(
        () => resolveCommand({ kind: 'argv', argv }, 'sh'),
        (error) => HoldfastError.is(error, 'task.commandEmpty'),
      );
    }
    assert.throws(
      () => resolveCommand({ kind: 'line', line: 'a\0b' }, 'sh'),
      (error) => HoldfastError.is(error, 'input.invalid'),
    );
  });
});

void describe('defaultShell', { skip: process.platform === 'win32' }, () => {
  void it('is the one that is set, else the user’s own if it is known, else sh', () => {
    assert.equal(defaultShell({ SHELL: '/bin/bash' }, '/opt/zsh'), '/opt/zsh');
    assert.equal(defaultShell({ SHELL: '/usr/bin/fish' }), '/usr/bin/fish');
    assert.equal(defaultShell({ SHELL: '/usr/sbin/nologin' }), '/bin/sh');
    assert.equal(defaultShell({}), '/bin/sh');
  });
});
