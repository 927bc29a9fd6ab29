import type { JournalTextKind } from '../sessions/journalTexts.ts';

/** What kind of thing a text is, in the words of a journal. */
export type TextKind = JournalTextKind;

/** A piece of a file that people search for. */
export interface SourceText {
  readonly kind: TextKind;
  /** Who said it: `user`, `assistant`, `tool`, `system`. */
  readonly role: string | undefined;
  readonly atMs: number;
  readonly text: string;
}

/** One file of a source as it lies on the disk now. */
export interface SourceFile {
  /** {@link TextSource.name} */
  readonly source: string;
  /** The folder that it belongs to. */
  readonly workspace: string;
  /** The session's id; with the source and the workspace it names the file's row in the index. */
  readonly key: string;
  readonly path: string;
  readonly isCompressed: boolean;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly inode: number;
}

/**
 * A kind of files with texts to be searched: a file of lines that is only appended to, plain or gzip, for each session.
 * Journals are one; transcripts of agents can be others.
 */
export interface TextSource {
  /** Stored in the index; never to be changed. */
  readonly name: string;
  /** Every file, in any order. */
  list(): SourceFile[];
  /** The texts of one line; none for a line that cannot be read. */
  textsOf(line: Buffer): SourceText[];
}
