import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Attachment } from '../../core/agents/conversation/runTurn.ts';

/** More of a file is not put into the prompt; the model can read the rest. */
const MAX_BYTES = 64 * 1024;

/** What the user has attached: files, selections, texts. */
export async function attachmentsOf(
  references: readonly vscode.ChatPromptReference[],
  folder: string,
): Promise<Attachment[]> {
  const attached: Attachment[] = [];
  for (const { value, modelDescription } of references) {
    const attachment = await attachmentOrProblem(value, folder, modelDescription);
    if (attachment !== undefined) attached.push(attachment);
  }
  return attached;
}

/** What cannot be opened must not keep the user from asking. */
async function attachmentOrProblem(
  value: unknown,
  folder: string,
  description: string | undefined,
): Promise<Attachment | undefined> {
  try {
    return await attachmentOf(value, folder, description);
  } catch (error) {
    const uri = value instanceof vscode.Location ? value.uri : value;
    const name = uri instanceof vscode.Uri ? nameOf(uri, folder) : (description ?? 'text');
    const reason = error instanceof Error ? error.message : String(error);
    return { name, text: `(cannot be opened: ${reason})` };
  }
}

async function attachmentOf(
  value: unknown,
  folder: string,
  description: string | undefined,
): Promise<Attachment | undefined> {
  if (value instanceof vscode.Uri) return fileAttachment(value, folder);
  if (value instanceof vscode.Location) {
    const { uri, range } = value;
    const document = await vscode.workspace.openTextDocument(uri);
    const lines = `${range.start.line + 1}-${range.end.line + 1}`;
    return {
      name: `${nameOf(uri, folder)}:${lines}`,
      text: document.getText(range).slice(0, MAX_BYTES),
      ...(uri.scheme === 'file' ? { path: uri.fsPath } : {}),
    };
  }
  if (typeof value !== 'string' || value === '') return undefined;
  return { name: description ?? 'text', text: value.slice(0, MAX_BYTES) };
}

function fileAttachment(uri: vscode.Uri, folder: string): Attachment | undefined {
  if (uri.scheme !== 'file') return undefined;
  const { fsPath } = uri;
  const name = nameOf(uri, folder);
  const stat = statSync(fsPath, { throwIfNoEntry: false });
  if (stat === undefined) return { name, text: `(not there any more: ${fsPath})` };
  if (stat.isDirectory()) return { name, text: `(a directory: ${fsPath})` };
  // To open a pipe is to wait for whoever writes into it.
  if (!stat.isFile()) return { name, text: `(a device or a pipe: ${fsPath})` };
  const open = vscode.workspace.textDocuments.find(({ uri: { fsPath: its } }) => its === fsPath);
  if (open !== undefined && open.isDirty && open.getText().length <= MAX_BYTES) {
    return { name, text: open.getText(), path: fsPath };
  }
  if (stat.size > MAX_BYTES) {
    return { name, text: `(${stat.size} bytes: read it with the tool read)`, path: fsPath };
  }
  const bytes = readFileSync(fsPath);
  // Text has no zero bytes.
  if (bytes.includes(0)) return { name, text: '(not a text file)', path: fsPath };
  return { name, text: bytes.toString('utf8'), path: fsPath, isWhole: true };
}

function nameOf(uri: vscode.Uri, folder: string): string {
  const relative = path.relative(folder, uri.fsPath);
  return relative.startsWith('..') ? uri.fsPath : relative;
}
