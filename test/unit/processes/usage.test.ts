import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { currentBootId, type ProcessIdentity } from '../../../src/core/processes/identity.ts';
import type { ProcessRow } from '../../../src/core/processes/platform/platform.ts';
import { buildProcessTable } from '../../../src/core/processes/processTable.ts';
import { createUsageMeter } from '../../../src/core/processes/usage.ts';
import { row } from './row.ts';

const root = (pid: number): ProcessIdentity => ({ pid, startTime: '100', bootId: currentBootId() });
const groups = new Map([['bash_1', [root(10)]]]);

/** A meter whose process table and clock the test moves on. */
function meterOver() {
  const world = { rows: [] as ProcessRow[], nowMs: 5000 };
  const meter = createUsageMeter(
    () => buildProcessTable(world.rows, true),
    () => world.nowMs,
  );
  return { world, measure: () => meter.measure(groups).get('bash_1') };
}

void describe('createUsageMeter', () => {
  void it('sums memory and counts the group and its descendants', () => {
    const { world, measure } = meterOver();
    world.rows = [
      row(10, 1, { rssBytes: 100 }),
      row(11, 10, { rssBytes: 50 }),
      row(12, 1, { rssBytes: 7 }),
    ];
    assert.deepEqual(measure(), { cpuPercent: undefined, rssBytes: 150, processCount: 2 });
  });

  void it('tells processor use since the last sample, 100 for one processor', () => {
    const { world, measure } = meterOver();
    world.rows = [row(10, 1, { cpuMs: 9000 }), row(11, 10, { cpuMs: 100 })];
    measure();
    world.nowMs += 1000;
    world.rows = [row(10, 1, { cpuMs: 9250 }), row(11, 10, { cpuMs: 1100 })];
    assert.equal(measure()?.cpuPercent, 125);
    world.nowMs += 1000;
    assert.equal(measure()?.cpuPercent, 0);
  });

  void it('counts all of a process that began since, and nothing of one that joined from elsewhere', () => {
    const { world, measure } = meterOver();
    world.rows = [row(10, 1)];
    measure();
    world.nowMs += 1000;
    const young = row(11, 10, { cpuMs: 500, ageMs: 900 });
    const old = row(12, 10, { cpuMs: 40_000, ageMs: 50_000 });
    world.rows = [row(10, 1), young, old];
    assert.equal(measure()?.cpuPercent, 50);
  });

  void it('does not take a process that got the pid for the one before', () => {
    const { world, measure } = meterOver();
    world.rows = [row(10, 1, { cpuMs: 9000 })];
    measure();
    world.nowMs += 1000;
    world.rows = [row(10, 1, { startTime: '200', cpuMs: 10 })];
    assert.deepEqual(measure(), { cpuPercent: undefined, rssBytes: 0, processCount: 0 });
  });
});
