import { isTextPart, isToolCallPart, isToolResultPart, type MessagePart } from './journalLines.ts';
import { parseJournalLine, type RawLine } from './parseJournalLine.ts';

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

/** The texts of one line, which begins at this offset; none when it cannot be read. */
export function textsOfLine(bytes: Buffer, offset: number): JournalText[] {
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
