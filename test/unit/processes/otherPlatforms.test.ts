import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  cookiesAfter,
  parsePsLine,
  parseWriters,
} from '../../../src/core/processes/platform/macos.ts';
import { splitCommandLine, toWindowsRow } from '../../../src/core/processes/platform/windows.ts';

void describe('parsePsLine', () => {
  void it('reads a line of ps, with runs of blanks in the start time collapsed', () => {
    const now = Date.parse('2026-11-01T09:05:10Z');
    const text =
      '  501     1   502 Ss     2048   1:02.50 Sun Nov  1 09:05:00 2026     /Apps/My App/claude';
    assert.deepEqual(parsePsLine(text, now), {
      pid: 501,
      ppid: 1,
      uid: 502,
      state: 'S',
      startTime: 'Sun Nov 1 09:05:00 2026',
      ageMs: 10_000,
      cpuMs: 62_500,
      rssBytes: 2 << 20,
      name: 'claude',
    });
  });

  void it('returns undefined for an empty line', () => {
    assert.equal(parsePsLine('', 0), undefined);
  });
});

void describe('cookiesAfter', () => {
  void it('takes the cookie from the environment, not from the arguments', () => {
    const command = 'grep HOLDFAST_TASK=argument';
    assert.deepEqual(cookiesAfter(command, `${command} PATH=/bin HOLDFAST_TASK=abc TERM=x`), [
      'abc',
    ]);
    assert.deepEqual(cookiesAfter(command, command), []);
    assert.deepEqual(cookiesAfter(command, 'another HOLDFAST_TASK=abc'), []);
  });
});

void describe('parseWriters', () => {
  void it('takes processes with write access, and no reader', () => {
    assert.deepEqual(
      parseWriters('p10\nf1\naw\np11\nf3\nar\np12\nf3\nar\nf4\nau\n'),
      new Set([10, 12]),
    );
  });
});

void describe('toWindowsRow', () => {
  void it('turns units of 100 ns into milliseconds', () => {
    const created = '2026-11-01T09:05:00.1234560Z';
    const item = {
      ProcessId: 4242,
      ParentProcessId: 42,
      Name: 'node.exe',
      WorkingSetSize: 4096,
      KernelModeTime: 10_000_000,
      UserModeTime: 5_000_000,
      Created: created,
    };
    const row = toWindowsRow(item, Date.parse('2026-11-01T09:05:01.123Z'));
    assert.deepEqual([row?.pid, row?.ppid, row?.startTime], [4242, 42, created]);
    assert.deepEqual([row?.cpuMs, row?.ageMs], [1500, 1000]);
  });

  void it('leaves out a process without a creation date', () => {
    assert.equal(toWindowsRow({ ProcessId: 4, Created: null }, 0), undefined);
  });
});

void describe('splitCommandLine', () => {
  void it('keeps quoted words together', () => {
    const words = splitCommandLine(
      '"C:\\Program Files\\nodejs\\node.exe"  C:\\x\\cli.js --a="b c"',
    );
    assert.deepEqual(words, ['C:\\Program Files\\nodejs\\node.exe', 'C:\\x\\cli.js', '--a=b c']);
  });
});
