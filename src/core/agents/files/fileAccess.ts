/** What the editor shows of a file that is open in it. */
export interface OpenText {
  /** With the document's own line endings, without a byte order mark. */
  readonly text: string;
  /** Whether it differs from what is on the disk. */
  readonly isDirty: boolean;
}

/** `writtenUnsaved`: the editor shows it, the disk does not have it yet. */
export type ReplaceOutcome = 'written' | 'writtenUnsaved' | 'notOpen' | 'changed';

/**
 * The way to files that are open in an editor, whose unsaved text counts and whose undo must work. What is open nowhere
 * lies on the disk, and is read and written there.
 */
export interface FileAccess {
  /** Undefined when no editor has the file open. Paths are real paths. */
  open(realPath: string): Promise<OpenText | undefined>;
  /** Puts one text in the place of another and saves; `changed` when the editor's text is not the old one any more. */
  replace(realPath: string, oldText: string, newText: string): Promise<ReplaceOutcome>;
}

/** Where there is no editor: every file counts as it is on the disk. */
export const diskOnly: FileAccess = {
  open: () => Promise.resolve(undefined),
  replace: () => Promise.resolve('notOpen'),
};
