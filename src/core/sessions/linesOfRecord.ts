import type { NewLine } from './journalLines.ts';
import type { GivenRecord } from './recordSchema.ts';

/** A line with the time of the event that it tells of. */
export type TimedLine = NewLine & { readonly atMs: number };

/** What files a record names as the lines of a journal: each with how it was touched. */
export function fileLines(
  { fileContext }: GivenRecord,
  rerooted: (path: string) => string,
  otherwiseMs: number,
): TimedLine[] {
  return (['read', 'modified', 'created'] as const).flatMap((how) =>
    fileContext[how].map((path) => {
      const known = fileContext.details[path];
      return {
        type: 'file' as const,
        path: rerooted(path),
        how,
        mtimeMs: known?.mtimeMs ?? null,
        hash: known?.hash ?? null,
        sizeBytes: known?.sizeBytes ?? null,
        atMs: timeOf(known?.touchedAt, otherwiseMs),
      };
    }),
  );
}

/** Title, goals, notes and summary. */
export function textLines(record: GivenRecord, atMs: number): TimedLine[] {
  const lines: TimedLine[] = [];
  if (record.title) lines.push({ type: 'title', title: record.title, by: 'user', atMs });
  for (const { text, isDone } of record.goals) lines.push({ type: 'goal', text, isDone, atMs });
  for (const text of record.notes) lines.push({ type: 'note', text, atMs });
  if (record.summary) lines.push({ type: 'summary', text: record.summary, atMs });
  return lines;
}

export function timeOf(text: string | null | undefined, otherwiseMs: number): number {
  const atMs = Date.parse(text ?? '');
  return Number.isFinite(atMs) ? atMs : otherwiseMs;
}
