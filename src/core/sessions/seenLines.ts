/** The line numbers seen of each writer: ranges, see {@link noteSeen}. */
export type SeenLines = Map<string, number[]>;

/** Notes a line; `isNew` is false for one that was seen before. Lines without a number are always new. */
export function seeLine(
  seen: SeenLines,
  { w, n }: { readonly w?: unknown; readonly n?: unknown },
): { isNew: boolean; missingMore: number } {
  if (typeof w !== 'string' || typeof n !== 'number' || !Number.isSafeInteger(n) || n < 1) {
    return { isNew: true, missingMore: 0 };
  }
  const ranges = seen.get(w) ?? [];
  const missingBefore = countMissing(ranges);
  if (!noteSeen(ranges, n)) return { isNew: false, missingMore: 0 };
  seen.set(w, ranges);
  return { isNew: true, missingMore: countMissing(ranges) - missingBefore };
}

/**
 * Notes that line `n` of a writer was seen; false when it was before. `ranges` is sorted (from, to, from, to, …) and is
 * one range as long as nothing is missing.
 */
export function noteSeen(ranges: number[], n: number): boolean {
  const last = ranges.length - 1;
  // The usual case: the next one.
  if (last >= 0 && ranges[last] === n - 1) {
    ranges[last] = n;
    return true;
  }
  let at = 0;
  while (at < ranges.length && (ranges[at + 1] ?? 0) < n - 1) at += 2;
  const from = ranges[at];
  const to = ranges[at + 1];
  if (from === undefined || to === undefined || n < from - 1) {
    ranges.splice(at, 0, n, n);
    return true;
  }
  if (n >= from && n <= to) return false;
  if (n === from - 1) ranges[at] = n;
  else ranges[at + 1] = n;
  if (ranges[at + 1] === (ranges[at + 2] ?? NaN) - 1) ranges.splice(at + 1, 2);
  return true;
}

/** How many lines before the last seen one were not seen; a writer's first line is 1. */
export function countMissing(ranges: readonly number[]): number {
  let missing = 0;
  let expected = 1;
  for (let at = 0; at < ranges.length; at += 2) {
    missing += (ranges[at] ?? expected) - expected;
    expected = (ranges[at + 1] ?? 0) + 1;
  }
  return missing;
}
