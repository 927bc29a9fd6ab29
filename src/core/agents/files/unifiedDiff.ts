const CONTEXT_LINES = 3;
/** A diff is for people to look at; a longer one tells them no more. */
const MAX_DIFF_LINES = 400;

/**
 * One hunk from the first to the last line that differs, as in a unified diff; empty for equal texts. For an edit in
 * one place that is what any diff would say.
 */
export function unifiedDiff(before: string, after: string): string {
  if (before === after) return '';
  const old = before.split('\n');
  const now = after.split('\n');
  const shorter = Math.min(old.length, now.length);
  let same = 0;
  while (same < shorter && old[same] === now[same]) same += 1;
  let sameAtEnd = 0;
  while (
    sameAtEnd < shorter - same &&
    old[old.length - 1 - sameAtEnd] === now[now.length - 1 - sameAtEnd]
  ) {
    sameAtEnd += 1;
  }
  const start = Math.max(0, same - CONTEXT_LINES);
  const trailing = Math.min(CONTEXT_LINES, sameAtEnd);
  const removed = old.slice(same, old.length - sameAtEnd);
  const added = now.slice(same, now.length - sameAtEnd);
  const lines = [
    ...old.slice(start, same).map((line) => ` ${line}`),
    ...bounded(removed.map((line) => `-${line}`)),
    ...bounded(added.map((line) => `+${line}`)),
    ...old
      .slice(old.length - sameAtEnd, old.length - sameAtEnd + trailing)
      .map((line) => ` ${line}`),
  ];
  const context = same - start + trailing;
  const range = (count: number): string => `${start + 1},${count + context}`;
  return [`@@ -${range(removed.length)} +${range(added.length)} @@`, ...lines]
    .map((line) => line.replace(/\r$/, ''))
    .join('\n');
}

function bounded(lines: readonly string[]): readonly string[] {
  if (lines.length <= MAX_DIFF_LINES) return lines;
  const left = lines.length - MAX_DIFF_LINES;
  return [...lines.slice(0, MAX_DIFF_LINES), ` … ${left} more lines`];
}
