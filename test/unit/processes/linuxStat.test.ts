import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
  parseStatLine,
  readLinuxRows,
  readLinuxStat,
} from '../../../src/core/processes/platform/linuxStat.ts';

const rest =
  'S 1 7 7 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 THREADS 0 120999 3133440 383 18446744073709551615 1 1';

function line(name: string, state = 'S', threads = 1): string {
  return `7 (${name}) ${rest.replace('S', state).replace('THREADS', String(threads))}\n`;
}

void describe('parseStatLine', () => {
  void it('reads the fields that we use, with the start time as the text that stands there', () => {
    assert.deepEqual(parseStatLine(line('node')), {
      pid: 7,
      name: 'node',
      state: 'S',
      ppid: 1,
      cpuMs: 3000,
      startTime: '120999',
      rssPages: 383,
    });
  });

  for (const name of ['a) R (b', 'a b c', 'two\nlines', ')', '', '7 (x) Z 1 1', 'naïve'] as const) {
    void it(`is not misled by the name ${JSON.stringify(name)}`, () => {
      const parsed = parseStatLine(line(name));
      assert.equal(parsed?.name, name);
      assert.deepEqual([parsed.state, parsed.ppid, parsed.startTime], ['S', 1, '120999']);
    });
  }

  void it('takes a zombie for one, but not a process whose main thread alone has ended', () => {
    assert.equal(parseStatLine(line('x', 'Z'))?.state, 'Z');
    assert.equal(parseStatLine(line('x', 'Z', 3))?.state, 'S');
    assert.equal(parseStatLine(line('x', 'x'))?.state, 'X');
  });

  void it('returns undefined for text that is no stat line', () => {
    for (const text of ['', '7', '7 (x', '7 (x) S', '7 (x) S 1 2 3']) {
      assert.equal(parseStatLine(text), undefined, text);
    }
  });
});

void describe('readLinuxStat', { skip: process.platform !== 'linux' }, () => {
  void it('agrees with field 22 of the file, as the keeper script reads it', () => {
    const text = readFileSync('/proc/self/stat', 'latin1');
    const fields = text.slice(text.lastIndexOf(') ') + 2).split(' ');
    assert.equal(readLinuxStat(process.pid)?.startTime, fields[19]);
  });

  void it('measures memory and age in bytes and milliseconds', () => {
    const row = readLinuxRows().find(({ pid }) => pid === process.pid);
    assert.ok(row);
    const { rss } = process.memoryUsage();
    assert.ok(row.rssBytes > rss / 2 && row.rssBytes < rss * 2, `${row.rssBytes} near ${rss}`);
    assert.ok(Math.abs(row.ageMs - process.uptime() * 1000) < 1000);
    assert.equal(row.uid, process.getuid?.());
  });

  void it('returns undefined for pids that cannot be', () => {
    for (const pid of [0, -1, 1.5, Number.NaN, 2 ** 22 + 1])
      assert.equal(readLinuxStat(pid), undefined);
  });
});
