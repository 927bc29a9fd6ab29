import * as v from 'valibot';
import { lineSchemas, type MessagePart } from './journalLines.ts';
import { parseJournalLine } from './parseJournalLine.ts';
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
      messages.push({ time: line.t, role, parts, endOffset: offset + bytes.length + 1 });
    }
  };
  const { endOffset, rest } = scanJournal(requireJournal(files), 0, take);
  take(rest, endOffset);
  return messages;
}
