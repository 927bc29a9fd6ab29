import * as vscode from 'vscode';
import type { Disposable } from '../../core/common/disposables.ts';
import { readKeptVersion } from '../../core/sessions/keptVersions.ts';
import type { Workspace } from '../../core/store/workspace.ts';

const SCHEME = 'holdfast-version';

/** Lets the editor show files as a session left them. */
export function registerKeptVersions(workspace: Workspace): Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: (uri) => readKeptVersion(workspace, uri.query),
  });
}

/** The document of a version, under the file's own name, so that it has its language; undefined when it is not kept. */
export function keptVersion(
  workspace: Workspace,
  file: vscode.Uri,
  hash: string,
): vscode.Uri | undefined {
  if (readKeptVersion(workspace, hash) === undefined) return undefined;
  return vscode.Uri.from({ scheme: SCHEME, path: file.path, query: hash });
}
