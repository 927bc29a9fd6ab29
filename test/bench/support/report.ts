/** Prints benchmark rows: a name, what was measured, and the ratio to the first row where there is one. */

export function heading(text: string): void {
  console.log(`\n${text}`);
}

export function row(name: string, values: Readonly<Record<string, string | number>>): void {
  const cells = Object.entries(values).map(([label, value]) => `${label} ${formatCell(value)}`);
  console.log(`  ${name.padEnd(26)} ${cells.join('   ')}`);
}

export function skipped(name: string, reason: string): void {
  console.log(`  ${name.padEnd(26)} skipped: ${reason}`);
}

/** Says whether a target held; a missed one fails the run. */
export function target(text: string, isMet: boolean): void {
  console.log(`  ${isMet ? 'target met   ' : 'TARGET MISSED'} ${text}`);
  if (!isMet) process.exitCode = 1;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** Milliseconds that an action takes. */
export async function timeMs(action: () => unknown): Promise<number> {
  const startMs = performance.now();
  await action();
  return performance.now() - startMs;
}

/** Processor time says what it costs on a machine that others use as well; of all threads together. */
export interface Cost {
  readonly ms: number;
  readonly cpuMs: number;
}

export async function cost(action: () => unknown): Promise<Cost> {
  const before = process.cpuUsage();
  const ms = await timeMs(action);
  const { user, system } = process.cpuUsage(before);
  return { ms, cpuMs: (user + system) / 1000 };
}

export function medianCost(costs: readonly Cost[]): Cost {
  return {
    ms: median(costs.map(({ ms }) => ms)),
    cpuMs: median(costs.map(({ cpuMs }) => cpuMs)),
  };
}

function formatCell(value: string | number): string {
  if (typeof value === 'string') return value;
  return Number.isInteger(value) || value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
