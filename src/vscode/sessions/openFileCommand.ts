import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { compareFile } from '../../core/sessions/describeFile.ts';
import type { FileInContext } from '../../core/sessions/sessionState.ts';
import { findEarlierVersion } from './earlierVersion.ts';
import { keptVersion } from './keptVersionDocuments.ts';
import type { SessionHandler } from './handlers.ts';

/** Opens a file of a session: as a comparison if it has changed since and the earlier version can be had. */
export const openFile: SessionHandler = async ({ window }, [node]) => {
  const file = fileIn(node);
  if (file === undefined) return undefined;
  const uri = vscode.Uri.file(file.path);
  if (!existsSync(file.path)) {
    void vscode.window.showInformationMessage(`${file.path} is not there any more.`);
    return 'missing';
  }
  const isChanged = compareFile(file) === 'changed';
  const { workspace } = window.host;
  const hash = isChanged ? file.hash : undefined;
  const earlier =
    hash === undefined
      ? undefined
      : (keptVersion(workspace, uri, hash) ?? (await findEarlierVersion(uri, hash)));
  if (earlier === undefined) {
    await vscode.commands.executeCommand('vscode.open', uri);
    return 'opened';
  }
  const title = `${path.basename(file.path)} (as the session left it ↔ now)`;
  await vscode.commands.executeCommand('vscode.diff', earlier, uri, title);
  return 'compared';
};

function fileIn(node: unknown): FileInContext | undefined {
  if (typeof node !== 'object' || node === null || !('file' in node)) return undefined;
  return node.file as FileInContext;
}
