import { readOutput } from '../../tasks/output.ts';
import { formatSize } from '../../tasks/describeTask.ts';
import { PlainText } from '../../tasks/plainText.ts';
import { MAX_TEXT_BYTES, readText } from './outputText.ts';

/** Looked at for the end of a long output; what it shows may be much shorter (progress bars, colours). */
const TAIL_BYTES = 128 * 1024;

export interface OutputEnds {
  readonly text: string;
  /** Up to here everything is in the text. */
  readonly to: number;
  /** Whether that is all there is. */
  readonly isComplete: boolean;
}

/**
 * A task's whole output, or its beginning and its end where it is longer than an answer.
 * @throws HoldfastError `task.logMissing`, `file.unreadable`.
 */
export function readEnds(
  directory: string,
  options: { readonly isOver: boolean; readonly includePartialLine: boolean },
): OutputEnds {
  const request = { from: 0, continues: false, ...options };
  const whole = readText(directory, request);
  if (whole.to >= whole.endOffset && whole.droppedBytes === 0) {
    return { text: whole.text, to: whole.to, isComplete: true };
  }
  // A last line without its newline is still to come.
  if (!options.isOver && whole.text.length < MAX_TEXT_BYTES / 2) {
    return { text: whole.text, to: whole.to, isComplete: false };
  }
  const half = MAX_TEXT_BYTES / 2;
  const head = readText(directory, { ...request, maxBytes: half });
  const tail = readTail(directory, half, Math.max(head.to, head.endOffset - TAIL_BYTES));
  const leftOut = `[… about ${formatSize(tail.from - head.to)} left out …]`;
  const dropped =
    head.droppedBytes === 0 ? '' : `[… ${formatSize(head.droppedBytes)} no longer kept …]\n`;
  return {
    text: `${dropped}${endWithNewline(head.text)}${leftOut}\n${tail.text}`,
    to: head.to,
    isComplete: false,
  };
}

export function endWithNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function readTail(
  directory: string,
  maxBytes: number,
  from: number,
): { readonly text: string; readonly from: number } {
  const range = readOutput(directory, {
    from,
    maxBytes: TAIL_BYTES,
    isOver: true,
    includePartialLine: true,
  });
  const plain = new PlainText({ maxLineChars: maxBytes });
  const bytes = Buffer.from(plain.push(range.text) + plain.end());
  const start = Math.max(0, bytes.length - maxBytes);
  if (start === 0 && from === range.from) {
    return { text: bytes.toString('utf8'), from: range.from };
  }
  // From the next line on, or at least from the next character on.
  const newline = bytes.indexOf(0x0a, start);
  let cut = newline === -1 || newline === bytes.length - 1 ? start : newline + 1;
  while (((bytes[cut] ?? 0) & 0xc0) === 0x80) cut += 1;
  return { text: bytes.toString('utf8', cut), from: range.endOffset - (bytes.length - cut) };
}
