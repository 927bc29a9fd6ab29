import * as v from 'valibot';
import { lineSchemas } from '../../sessions/journalLines.ts';
import { goOnWith, isContinuation, type SessionMessage } from '../../sessions/readMessages.ts';
import { parseJournalLine, type RawLine } from '../../sessions/parseJournalLine.ts';
import { requireJournal, scanJournal } from '../../sessions/readJournal.ts';
import { seeLine, type SeenLines } from '../../sessions/seenLines.ts';
import type { JournalFile, SessionFiles } from '../../sessions/sessionFiles.ts';

/** A message of a session, whole: an answer may take several lines of its journal. */
export interface HistoryEntry extends Pick<SessionMessage, 'role' | 'parts'> {
  /** Of its last line in whichever copy of the journal: its writer and number; undefined for lines that have none. */
  readonly lineId: string | undefined;
  readonly atMs: number;
  /** An answer that was cut off, and not by the user: its model has more to say. */
  readonly isUnfinished: boolean;
  /** Of who answered. */
  readonly model: string | undefined;
  /** Where its line ends in the journal: a branch may go on from there. */
  readonly endOffset: number;
}

/** What stands for the beginning of a history when a model is asked. */
export interface HistorySummary {
  readonly text: string;
  /** How many messages from the first on it replaces. */
  readonly replacedCount: number;
  /** What the user had asked for last, where that is among them. */
  readonly request: string | undefined;
  readonly atMs: number;
}

const summarySchema = v.looseObject({
  text: v.string(),
  request: v.optional(v.nullable(v.string())),
  replaces: v.looseObject({
    messages: v.pipe(v.number(), v.integer(), v.minValue(1)),
    through: v.optional(v.nullable(v.string())),
  }),
});
const agentFileSchema = v.looseObject({
  path: v.string(),
  by: v.literal('agent'),
  hash: v.optional(v.nullable(v.string())),
});

/** The messages of a session, read as they come: each look costs what is new. */
export class History {
  readonly #files: SessionFiles;
  #entries: HistoryEntry[] = [];
  #summaries: HistorySummary[] = [];
  #indexByLine = new Map<string, number>();
  #seen: SeenLines = new Map();
  #offset = 0;
  #inode: number | undefined;
  /** SHA-256 of what an agent of this session has last seen of each file, by real path. */
  readonly seenFiles = new Map<string, string>();

  constructor(files: SessionFiles) {
    this.#files = files;
  }

  get entries(): readonly HistoryEntry[] {
    return this.#entries;
  }

  get summaries(): readonly HistorySummary[] {
    return this.#summaries;
  }

  /**
   * Reads what came since; says whether anything did. A last line counts when it has its newline: what writes the next
   * one gives it.
   * @throws HoldfastError `session.notFound`, `file.unreadable`.
   */
  refresh(): boolean {
    const journal = requireJournal(this.#files);
    this.#beginAnewIfReplaced(journal);
    if (!journal.isCompressed && journal.sizeBytes === this.#offset) return false;
    const before = this.#offset;
    const { endOffset } = scanJournal(journal, before, (bytes, offset) => {
      for (const line of parseJournalLine(bytes).lines) {
        if (seeLine(this.#seen, line).isNew) this.#take(line, offset + bytes.length + 1);
      }
    });
    this.#offset = endOffset;
    return endOffset > before;
  }

  /** The summary that counts now. */
  get summary(): HistorySummary | undefined {
    return this.#summaries.at(-1);
  }

  /** A repaired journal is another file with other offsets. */
  #beginAnewIfReplaced({ inode, isCompressed, sizeBytes }: JournalFile): void {
    const isReplaced = this.#inode !== undefined && this.#inode !== inode;
    this.#inode = inode;
    if (!isReplaced && (isCompressed || sizeBytes >= this.#offset)) return;
    this.#entries = [];
    this.#summaries = [];
    this.#indexByLine = new Map();
    this.#seen = new Map();
    this.seenFiles.clear();
    this.#offset = 0;
  }

  #take(line: RawLine, endOffset: number): void {
    if (line.type === 'message') this.#takeMessage(line, endOffset);
    else if (line.type === 'summary') this.#takeSummary(line);
    else if (line.type === 'file') this.#takeFile(line);
  }

  #takeMessage(line: RawLine, endOffset: number): void {
    const result = v.safeParse(lineSchemas.message, line);
    if (!result.success) return;
    const { role, parts } = result.output;
    const lineId = lineIdOf(line);
    const isUnfinished = isUnfinishedLine(line);
    const last = this.#entries.at(-1);
    if (last !== undefined && isContinuation(line, last.role)) {
      const whole = goOnWith(last.parts, parts);
      this.#entries[this.#entries.length - 1] = {
        ...last,
        ...{ lineId, isUnfinished, parts: whole, endOffset },
      };
    } else {
      const model = typeof line['model'] === 'string' ? line['model'] : undefined;
      const atMs = Date.parse(line.t);
      this.#entries.push({ lineId, atMs, role, parts, isUnfinished, model, endOffset });
    }
    if (lineId !== undefined) this.#indexByLine.set(lineId, this.#entries.length - 1);
  }

  #takeSummary(line: RawLine): void {
    const result = v.safeParse(summarySchema, line);
    if (!result.success) return;
    const { text, request, replaces } = result.output;
    // By the line if it is there: where lines were lost, the count is of others.
    const index = this.#indexByLine.get(replaces.through ?? '');
    const replacedCount = Math.min(
      index === undefined ? replaces.messages : index + 1,
      this.#entries.length,
    );
    const atMs = Date.parse(line.t);
    this.#summaries.push({ text, replacedCount, request: request ?? undefined, atMs });
  }

  #takeFile(line: RawLine): void {
    const result = v.safeParse(agentFileSchema, line);
    if (!result.success) return;
    const { path, hash } = result.output;
    // Without a hash nobody can tell whether it is still what was seen: the next change needs a new look.
    if (hash == null) this.seenFiles.delete(path);
    else this.seenFiles.set(path, hash);
  }
}

/** The messages of a session that is only looked at. @throws HoldfastError as {@link History.refresh}. */
export function readHistory(files: SessionFiles): History {
  const history = new History(files);
  history.refresh();
  return history;
}

function isUnfinishedLine({ unfinished, brokenOff }: RawLine): boolean {
  return unfinished === true || (typeof brokenOff === 'string' && brokenOff !== 'cancelled');
}

function lineIdOf({ w, n }: RawLine): string | undefined {
  return typeof w === 'string' && typeof n === 'number' ? `${w}/${n}` : undefined;
}
