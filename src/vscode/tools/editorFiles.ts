import { realpathSync } from 'node:fs';
import * as vscode from 'vscode';
import type { FileAccess, OpenText, ReplaceOutcome } from '../../core/agents/files/fileAccess.ts';

/** Files that are open in this window: their unsaved text counts, and what is changed in them can be undone. */
export const editorFiles: FileAccess = {
  open: (realPath) => Promise.resolve(openText(realPath)),
  replace: async (realPath, oldText, newText) => replaceText(realPath, oldText, newText),
};

function openText(realPath: string): OpenText | undefined {
  const document = documentOf(realPath);
  return document && { text: document.getText(), isDirty: document.isDirty };
}

async function replaceText(
  realPath: string,
  oldText: string,
  newText: string,
): Promise<ReplaceOutcome> {
  const document = documentOf(realPath);
  if (document === undefined) return 'notOpen';
  if (document.getText() !== oldText) return 'changed';
  const wasDirty = document.isDirty;
  const edit = new vscode.WorkspaceEdit();
  const { start, end, text } = differenceOf(oldText, newText);
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  edit.replace(document.uri, range, text);
  if (!(await vscode.workspace.applyEdit(edit))) return 'changed';
  // What the user has not saved is theirs to save.
  if (wasDirty) return 'writtenUnsaved';
  return (await document.save()) ? 'written' : 'writtenUnsaved';
}

function documentOf(realPath: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(
    ({ uri, isClosed }) => uri.scheme === 'file' && !isClosed && leadsTo(uri.fsPath, realPath),
  );
}

function leadsTo(path: string, realPath: string): boolean {
  if (path === realPath) return true;
  try {
    return realpathSync(path) === realPath;
  } catch {
    // Not on the disk (any more).
    return false;
  }
}

/** Only what differs is replaced, so that cursors, folds and breakpoints elsewhere stay where they are. */
function differenceOf(
  oldText: string,
  newText: string,
): { readonly start: number; readonly end: number; readonly text: string } {
  const shorter = Math.min(oldText.length, newText.length);
  let start = 0;
  while (start < shorter && oldText[start] === newText[start]) start += 1;
  let tail = 0;
  while (
    tail < shorter - start &&
    oldText[oldText.length - 1 - tail] === newText[newText.length - 1 - tail]
  ) {
    tail += 1;
  }
  // A position in the middle of a line ending is none for the editor.
  while (start > 0 && oldText[start - 1] === '\r') start -= 1;
  while (tail > 0 && oldText[oldText.length - tail] === '\n') tail -= 1;
  return { start, end: oldText.length - tail, text: newText.slice(start, newText.length - tail) };
}
