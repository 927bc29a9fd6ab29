import { HoldfastError } from '../common/errors.ts';
import { oneLine } from './describeTask.ts';
import { readOutput } from './output.ts';
import { PlainText } from './plainText.ts';
import type { TaskSnapshot } from './types.ts';

const LOOK_BACK_BYTES = 4096;

/** The last line that a task wrote and that is not blank, as readable text; empty when there is none. */
export function lastOutputLine(task: TaskSnapshot, maxChars = 120): string {
  if (task.isLogMissing || task.outputBytes === 0) return '';
  try {
    const from = Math.max(0, task.outputBytes - LOOK_BACK_BYTES);
    const { text } = readOutput(task.directory, {
      from,
      maxBytes: 2 * LOOK_BACK_BYTES,
      isOver: task.status !== 'running',
      includePartialLine: true,
    });
    const plain = new PlainText();
    const lines = (plain.push(text) + plain.end()).split('\n').map((line) => line.trim());
    return oneLine(lines.findLast((line) => line !== '') ?? '', maxChars);
  } catch (error) {
    if (HoldfastError.is(error)) return '';
    throw error;
  }
}
