import * as v from 'valibot';
import { isTextPart, lineSchemas, type MessagePart } from './journalLines.ts';
import { parseJournalLine, type RawLine } from './parseJournalLine.ts';
import { requireJournal, scanJournal } from './readJournal.ts';
import { seeLine, type SeenLines } from './seenLines.ts';
import type { SessionFiles } from './sessionFiles.ts';

export interface SessionMessage {
  readonly time: string;
  readonly role: 'user' | 'assistant' | 'system' | 'tool';
  readonly parts: readonly MessagePart[];
}

/** A message, and where its line ends: a branch may go on from there. */
export interface MessageAt extends SessionMessage {
  readonly endOffset: number;
}

/**
 * The messages of a session in the order in which they were written, each once. Reads the whole journal.
 * @throws HoldfastError `session.notFound`, `file.unreadable`.
 */
export function readMessages(files: SessionFiles): MessageAt[] {
  const messages: MessageAt[] = [];
  const seen: SeenLines = new Map();
  const take = (bytes: Buffer, offset: number): void => {
    for (const line of parseJournalLine(bytes).lines) {
      if (!seeLine(seen, line).isNew || line.type !== 'message') continue;
      const result = v.safeParse(lineSchemas.message, line);
      if (!result.success) continue;
      const { role, parts } = result.output;
      const endOffset = offset + bytes.length + 1;
      const last = messages.at(-1);
      if (last !== undefined && isContinuation(line, last.role)) {
        messages[messages.length - 1] = { ...last, parts: goOnWith(last.parts, parts), endOffset };
      } else {
        messages.push({ time: line.t, role, parts, endOffset });
      }
    }
  };
  const { endOffset, rest } = scanJournal(requireJournal(files), 0, take);
  take(rest, endOffset);
  return messages;
}

/** Whether a line goes on with the answer that is the last message, which was written down while it came. */
export function isContinuation(line: RawLine, lastRole: SessionMessage['role']): boolean {
  return line['continues'] === true && lastRole === 'assistant';
}

/** An answer with what came next of it: a text that was cut wherever it stood is one text again. */
export function goOnWith(
  parts: readonly MessagePart[],
  next: readonly MessagePart[],
): readonly MessagePart[] {
  const [last, first] = [parts.at(-1), next[0]];
  if (last === undefined || first === undefined || !isTextPart(last) || !isTextPart(first)) {
    return [...parts, ...next];
  }
  return [...parts.slice(0, -1), { ...last, text: last.text + first.text }, ...next.slice(1)];
}
