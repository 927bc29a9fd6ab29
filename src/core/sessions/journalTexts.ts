import { closeSync, openSync, readSync } from 'node:fs';
import { systemErrorCode, unreadable } from '../common/errors.ts';
import { isTextPart, isToolCallPart, isToolResultPart, type MessagePart } from './journalLines.ts';
import { parseJournalLine, type RawLine } from './parseJournalLine.ts';
import { scanJournal } from './readJournal.ts';
import type { JournalFile } from './sessionFiles.ts';

export type JournalTextKind =
  | 'title'
  | 'message'
  | 'tool-call'
  | 'tool-result'
  | 'note'
  | 'goal'
  | 'summary'
  | 'command'
  | 'file';

/** A piece of a journal that people search for. */
export interface JournalText {
  readonly kind: JournalTextKind;
  /** Who said it, of a message and what belongs to one. */
  readonly role: string | undefined;
  readonly atMs: number;
  readonly text: string;
  /** Where its line begins and how long that is without its newline, in bytes of the journal's text. */
  readonly offset: number;
  readonly lengthBytes: number;
}

/**
 * Calls back for each text in a journal from an offset on (the start of a line), compressed or not, and gives the offset
 * to go on from: a last line that has no newline yet is left for then. Lines that cannot be read are passed over.
 * @throws HoldfastError `file.unreadable`.
 */
export function scanJournalTexts(
  journal: JournalFile,
  fromOffset: number,
  onText: (text: JournalText) => void,
): number {
  const { endOffset } = scanJournal(journal, fromOffset, (bytes, offset) => {
    for (const text of textsOfLine(bytes, offset)) onText(text);
  });
  return endOffset;
}

/**
 * The texts of the line at an offset that {@link scanJournalTexts} gave; none when the journal is another one by now.
 * @throws HoldfastError `file.unreadable`.
 */
export function readJournalTextsAt(
  journal: JournalFile,
  { offset, lengthBytes }: { offset: number; lengthBytes: number },
): JournalText[] {
  if (!journal.isCompressed) return textsOfLine(readAt(journal.path, offset, lengthBytes), offset);
  const texts: JournalText[] = [];
  scanJournal(journal, offset, (bytes, at) => {
    if (at === offset) texts.push(...textsOfLine(bytes, at));
  });
  return texts;
}

function textsOfLine(bytes: Buffer, offset: number): JournalText[] {
  const lengthBytes = bytes.length;
  return parseJournalLine(bytes).lines.flatMap((line) => {
    const atMs = Date.parse(line.t);
    return piecesOf(line).map(({ kind, text }) => {
      const role = typeof line['role'] === 'string' ? line['role'] : undefined;
      return { kind, role, atMs, text, offset, lengthBytes };
    });
  });
}

interface Piece {
  readonly kind: JournalTextKind;
  readonly text: string;
}

/** Fields by which a line of each type is searched for; messages have parts instead. */
const searchedFields: ReadonlyMap<string, readonly [string, JournalTextKind]> = new Map([
  ['title', ['title', 'title']],
  ['session', ['title', 'title']],
  ['note', ['text', 'note']],
  ['goal', ['text', 'goal']],
  ['summary', ['text', 'summary']],
  ['task', ['command', 'command']],
  ['file', ['path', 'file']],
]);

function piecesOf(line: RawLine): Piece[] {
  if (line.type === 'message') {
    const parts: unknown = line['parts'];
    return Array.isArray(parts) ? parts.flatMap(pieceOfPart) : [];
  }
  const [field, kind] = searchedFields.get(line.type) ?? [];
  const text = field === undefined ? undefined : line[field];
  return kind === undefined || typeof text !== 'string' || text === '' ? [] : [{ kind, text }];
}

function pieceOfPart(part: unknown): Piece[] {
  if (typeof part !== 'object' || part === null) return [];
  const given = part as MessagePart;
  if (isTextPart(given)) return [{ kind: 'message', text: given.text }];
  if (isToolCallPart(given)) {
    return [{ kind: 'tool-call', text: [given.name, ...stringsIn(given.input)].join('\n') }];
  }
  if (isToolResultPart(given)) {
    return [{ kind: 'tool-result', text: stringsIn(given.output).join('\n') }];
  }
  return [];
}

/** The strings of any JSON, without the names of its fields. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}

function readAt(path: string, position: number, length: number): Buffer {
  try {
    const descriptor = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, length, position));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return Buffer.alloc(0);
    throw unreadable(path, error);
  }
}
