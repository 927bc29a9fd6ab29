import { realpathSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { HoldfastError } from '../core/common/errors.ts';

/**
 * The folder that this window's tasks belong to: that of its `.code-workspace` file if it has one, else its first.
 * The editor restarts the extension host when the first folder changes, so this holds for the life of the window.
 * @throws HoldfastError `workspace.none`, `workspace.virtual`.
 */
export function requireWindowFolder(): string {
  const { workspaceFile, workspaceFolders = [] } = vscode.workspace;
  if (workspaceFile?.scheme === 'file') return path.dirname(workspaceFile.fsPath);
  const onDisk = foldersOnDisk()[0];
  if (onDisk !== undefined) return onDisk.uri.fsPath;
  const [virtual] = workspaceFolders;
  if (virtual === undefined) throw new HoldfastError('workspace.none', 'no folder is open');
  throw new HoldfastError('workspace.virtual', `${virtual.uri.toString()} is not on a disk`, {
    data: { scheme: virtual.uri.scheme },
  });
}

/** The folders in which programs can run. */
export function foldersOnDisk(): vscode.WorkspaceFolder[] {
  return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
}

/** Real paths of the same; one that is not there at the moment is left out. */
export function realFolders(): string[] {
  return foldersOnDisk().flatMap(({ uri }) => {
    try {
      return [realpathSync.native(uri.fsPath)];
    } catch {
      return [];
    }
  });
}

/** @throws HoldfastError `workspace.untrusted`. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new HoldfastError('workspace.untrusted', 'this workspace is not trusted');
}
