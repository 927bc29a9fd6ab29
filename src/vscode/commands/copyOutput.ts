import { readOutput } from '../../core/tasks/output.ts';
import { PlainText } from '../../core/tasks/plainText.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';

/** More than anyone pastes, and little enough for every clipboard. */
const COPY_LIMIT_BYTES = 1024 * 1024;

export interface CopiedOutput {
  readonly text: string;
  /** How much of the beginning is not in the text, dropped by the limit or left out here. */
  readonly missingBytes: number;
}

/**
 * The end of a task's output as plain text.
 * @throws HoldfastError `task.logMissing`, `file.unreadable`.
 */
export function outputToCopy(task: TaskSnapshot): CopiedOutput {
  const range = readOutput(task.directory, {
    from: Math.max(0, task.outputBytes - COPY_LIMIT_BYTES),
    maxBytes: COPY_LIMIT_BYTES,
    isOver: task.status !== 'running',
    includePartialLine: true,
  });
  const plain = new PlainText();
  return { text: plain.push(range.text) + plain.end(), missingBytes: range.from };
}
