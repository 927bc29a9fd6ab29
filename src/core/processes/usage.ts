import { currentBootId, identityKey, type ProcessIdentity } from './identity.ts';
import { findRow, listDescendants, readProcessTable, type ProcessTable } from './processTable.ts';

/** What a group of processes uses. */
export interface Usage {
  /** Since the last sample, 100 for one processor fully used; undefined in a group's first sample. */
  readonly cpuPercent: number | undefined;
  /** Summed over the processes, so memory that they share counts more than once. */
  readonly rssBytes: number;
  readonly processCount: number;
}

export interface UsageMeter {
  /** Usage by key, of each group's live processes and all that descend from them; one read of the process table. */
  measure<K>(groups: ReadonlyMap<K, readonly ProcessIdentity[]>): Map<K, Usage>;
}

/** Compares each call with the one before. Holds one number for each process last seen; nothing to dispose. */
export function createUsageMeter(
  readTable: () => ProcessTable = readProcessTable,
  now: () => number = () => performance.now(),
): UsageMeter {
  let lastCpuMs = new Map<string, number>();
  let lastAtMs: number | undefined;

  return {
    measure(groups) {
      const table = readTable();
      const atMs = now();
      const elapsedMs = lastAtMs === undefined ? 0 : atMs - lastAtMs;
      const cpuMs = new Map<string, number>();
      const usages = new Map(
        [...groups].map(([key, roots]) => {
          const sample = measureGroup(table, roots, { lastCpuMs, elapsedMs, cpuMs });
          return [key, sample] as const;
        }),
      );
      lastCpuMs = cpuMs;
      lastAtMs = atMs;
      return usages;
    },
  };
}

interface Samples {
  readonly lastCpuMs: ReadonlyMap<string, number>;
  readonly elapsedMs: number;
  /** Filled with this sample's figures. */
  readonly cpuMs: Map<string, number>;
}

function measureGroup(
  table: ProcessTable,
  roots: readonly ProcessIdentity[],
  samples: Samples,
): Usage {
  const pids = new Set<number>();
  for (const root of roots) {
    if (root.bootId !== currentBootId() || findRow(table, root) === undefined) continue;
    pids.add(root.pid);
    for (const pid of listDescendants(table, root.pid)) pids.add(pid);
  }
  let usedMs = 0;
  let isFirst = true;
  let rssBytes = 0;
  for (const pid of pids) {
    const row = table.rows.get(pid);
    if (row === undefined) continue;
    const key = identityKey({ pid, startTime: row.startTime, bootId: currentBootId() });
    const before = samples.lastCpuMs.get(key);
    if (before !== undefined) isFirst = false;
    // A process that began since the last sample used all its time since then.
    usedMs += row.cpuMs - (before ?? (row.ageMs <= samples.elapsedMs ? 0 : row.cpuMs));
    rssBytes += row.rssBytes;
    samples.cpuMs.set(key, row.cpuMs);
  }
  const isComparable = !isFirst && samples.elapsedMs > 0;
  return {
    cpuPercent: isComparable ? Math.max(0, (usedMs / samples.elapsedMs) * 100) : undefined,
    rssBytes,
    processCount: pids.size,
  };
}
