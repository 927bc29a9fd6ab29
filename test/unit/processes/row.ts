import type { ProcessRow } from '../../../src/core/processes/platform/platform.ts';

/** A made-up process for tests of what is computed from a list of them. */
export function row(pid: number, ppid: number, more: Partial<ProcessRow> = {}): ProcessRow {
  return {
    pid,
    ppid,
    uid: 1000,
    state: 'S',
    startTime: '100',
    ageMs: 60_000,
    cpuMs: 0,
    rssBytes: 0,
    name: 'program',
    ...more,
  };
}
