import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { currentBootId } from '../../../src/core/processes/identity.ts';
import {
  buildProcessTable,
  findRow,
  listAncestry,
  listDescendants,
} from '../../../src/core/processes/processTable.ts';
import { row } from './row.ts';

const family = [row(1, 0), row(10, 1), row(20, 10), row(21, 10), row(30, 20), row(40, 1)];

void describe('buildProcessTable', () => {
  void it('lists descendants, parents before children', () => {
    const table = buildProcessTable(family, true);
    assert.deepEqual(listDescendants(table, 10), [20, 21, 30]);
    assert.deepEqual(listDescendants(table, 99), []);
  });

  void it('keeps out of a child, and of all below it, when told', () => {
    const table = buildProcessTable(family, true);
    assert.deepEqual(
      listDescendants(table, 10, (pid) => pid !== 20),
      [21],
    );
  });

  void it('gives no child to a parent that is younger, which must have got its pid by reuse', () => {
    const rows = [
      row(10, 1, { ageMs: 50 }),
      row(20, 10, { ageMs: 80 }),
      row(21, 10, { ageMs: 50 }),
    ];
    assert.deepEqual(listDescendants(buildProcessTable(rows, true), 10), [21]);
    assert.deepEqual(listDescendants(buildProcessTable(rows, false), 10), [20, 21]);
  });

  void it('comes to an end on a ring of parents, as an inconsistent list could show', () => {
    const table = buildProcessTable([row(10, 20), row(20, 10)], false);
    assert.deepEqual(listDescendants(table, 10), [20]);
    assert.deepEqual(listAncestry(table, 10), new Set([10, 20]));
  });

  void it('lists a process and its ancestors', () => {
    assert.deepEqual(listAncestry(buildProcessTable(family, true), 30), new Set([30, 20, 10, 1]));
  });
});

void describe('findRow', () => {
  void it('needs the same start time and no zombie', () => {
    const table = buildProcessTable([row(10, 1), row(11, 1, { state: 'Z' })], true);
    const bootId = currentBootId();
    assert.equal(findRow(table, { pid: 10, startTime: '100', bootId })?.pid, 10);
    assert.equal(findRow(table, { pid: 10, startTime: '101', bootId }), undefined);
    assert.equal(findRow(table, { pid: 11, startTime: '100', bootId }), undefined);
  });
});
