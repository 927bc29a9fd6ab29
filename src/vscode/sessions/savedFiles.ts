import { statSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Disposable } from '../../core/common/disposables.ts';
import type { SessionWindow } from './sessionWindow.ts';

/** A file that came into being so shortly before it was saved is one that the session has made. */
const JUST_CREATED_MS = 3000;

/** Files that are saved while a session is current belong to it. */
export function registerSavedFiles({ current, window }: SessionWindow): Disposable {
  const note = (uri: vscode.Uri, how: 'modified' | 'created'): void => {
    if (uri.scheme !== 'file' || current.id === undefined) return;
    // The store's own files, opened to be looked at, are nobody's work.
    if (isWithin(uri.fsPath, window.host.workspace.home)) return;
    try {
      current.noteFile(uri.fsPath, how);
    } catch (error) {
      window.log.warn('file.notNoted', { error });
    }
  };
  return vscode.Disposable.from(
    vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      note(uri, isJustCreated(uri.fsPath) ? 'created' : 'modified');
    }),
    vscode.workspace.onDidSaveNotebookDocument(({ uri }) => {
      note(uri, isJustCreated(uri.fsPath) ? 'created' : 'modified');
    }),
    vscode.workspace.onDidCreateFiles(({ files }) => {
      for (const uri of files) if (isFile(uri)) note(uri, 'created');
    }),
  );
}

/** Where the file system does not know when a file came into being, nothing counts as created. */
function isJustCreated(file: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return (
    stat !== undefined && stat.birthtimeMs > 0 && Date.now() - stat.birthtimeMs < JUST_CREATED_MS
  );
}

function isFile(uri: vscode.Uri): boolean {
  return (
    uri.scheme === 'file' && statSync(uri.fsPath, { throwIfNoEntry: false })?.isFile() === true
  );
}

function isWithin(file: string, directory: string): boolean {
  const relative = path.relative(directory, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}
