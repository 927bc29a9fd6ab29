import { MAX_SCAN_BYTES, readText, type LineTest } from '../../core/agents/tools/outputText.ts';
import { formatSize } from '../../core/tasks/describeTask.ts';
import { readOutputBytes } from '../../core/tasks/output.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';

const MAX_OUTPUT_BYTES = 24 * 1024;
const NEWLINE = 0x0a;

/** What an answer in the chat shows of a task's output. Offsets count bytes of the log. */
export interface NewOutput {
  readonly text: string;
  /** Where to read on. */
  readonly to: number;
  /** How much there is behind that. */
  readonly moreBytes: number;
  /** In words for the user: what was passed over, and what is still to come. */
  readonly notes: readonly string[];
}

/**
 * Reads on in a task's output for a person: the lines that match, or, without a filter, the latest that fit.
 * @throws HoldfastError `task.logMissing`, `file.unreadable`, `input.invalid` for a filter that takes too long.
 */
export function readForChat(
  { directory, status, id }: TaskSnapshot,
  from: number,
  filter: LineTest | undefined,
): NewOutput {
  const start = filter === undefined ? startOfTail(directory, from) : from;
  const range = readText(directory, {
    from: start,
    continues: start > 0,
    isOver: status !== 'running',
    includePartialLine: true,
    maxBytes: MAX_OUTPUT_BYTES,
    ...(filter === undefined ? {} : { filter }),
  });
  const { text, to, endOffset, droppedBytes } = range;
  const skippedBytes = start - from;
  const moreBytes = endOffset - to;
  const isLookedThrough = text !== '' || to - start < MAX_SCAN_BYTES;
  const notes = [
    skippedBytes > 0
      ? `These are the latest lines; ${formatSize(skippedBytes)} before them are not shown.`
      : '',
    droppedBytes > 0 ? `${formatSize(droppedBytes)} before this are no longer kept.` : '',
    moreBytes > 0
      ? `There are ${formatSize(moreBytes)} more${isLookedThrough ? '' : ' to look through'}: ask again for ${id}.`
      : '',
  ];
  return { text, to, moreBytes, notes: notes.filter((note) => note !== '') };
}

/** Where the last lines begin that fit into an answer; `from` where all do. */
function startOfTail(directory: string, from: number): number {
  const { endOffset } = readOutputBytes(directory, { from, isOver: true, maxBytes: 0 });
  const tail = endOffset - MAX_OUTPUT_BYTES;
  if (tail <= from) return from;
  const request = { from: tail, isOver: true, includePartialLine: true };
  const piece = readOutputBytes(directory, { ...request, maxBytes: MAX_OUTPUT_BYTES });
  const newline = piece.bytes.indexOf(NEWLINE);
  // A line that is longer than an answer is shown from somewhere.
  return newline === -1 || newline === piece.bytes.length - 1
    ? piece.from
    : piece.from + newline + 1;
}
