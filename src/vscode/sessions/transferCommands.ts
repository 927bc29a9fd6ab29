import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { writeFileAtomicSync } from '../../core/common/atomicFile.ts';
import { HoldfastError } from '../../core/common/errors.ts';
import { exportMarkdown, exportSession } from '../../core/sessions/exportSession.ts';
import { importSession } from '../../core/sessions/importSession.ts';
import { transcriptsOf } from '../transcript/transcripts.ts';
import type { SessionHandler, SessionScope } from './handlers.ts';
import { sessionFor } from './sessionArgument.ts';
import { counted, sessionName } from './sessionWords.ts';
import { recoverIfGone } from './takeUp.ts';

type Format = 'json' | 'markdown';

const EXPORT_MODE = 0o644;

/** Writes a session to a file; gives its path. `{ format, path }` answers the questions. */
export const exportTo: SessionHandler = async (scope, args) => {
  const { sessions } = scope;
  const id = await sessionFor(scope, args, 'Export which session?');
  if (id === undefined) return undefined;
  recoverIfGone(sessions, id);
  const given = optionsIn(args[1]);
  const format = given.format ?? (await askFormat());
  if (format === undefined) return undefined;
  const file = given.path ?? (await askTarget(scope, id, format));
  if (file === undefined) return undefined;
  const text =
    format === 'json'
      ? `${JSON.stringify(exportSession(sessions.store, id), undefined, 2)}\n`
      : exportMarkdown(sessions.store, id);
  writeFileAtomicSync(file, text, { mode: EXPORT_MODE });
  const open = 'Open';
  void vscode.window
    .showInformationMessage(
      `Exported to ${path.basename(file)}. It holds no secrets of the environment; what was said in the session is in it.`,
      open,
    )
    .then((answer) =>
      answer === open ? vscode.window.showTextDocument(vscode.Uri.file(file)) : undefined,
    );
  return file;
};

export const importFrom: SessionHandler = async ({ sessions }, [given]) => {
  const file = typeof given === 'string' ? given : await askSource();
  if (file === undefined) return undefined;
  const result = importSession(sessions.window.host, readText(file));
  sessions.feed.refresh();
  const facts = [
    counted(result.messageCount, 'message'),
    ...(result.taskCount > 0
      ? [`${counted(result.taskCount, 'task')} (lost: they ran elsewhere)`]
      : []),
    ...(result.droppedPermissionCount > 0
      ? [`${counted(result.droppedPermissionCount, 'approval')} not taken over`]
      : []),
  ];
  const renamed =
    result.idBefore === undefined ? '' : ' under a new id, since its own is taken here';
  const resume = 'Resume It';
  void vscode.window
    .showInformationMessage(`Imported a session${renamed}: ${facts.join(', ')}.`, resume)
    .then((answer) =>
      answer === resume
        ? vscode.commands.executeCommand('holdfast.sessions.resume', result.id)
        : undefined,
    );
  return result.id;
};

/** Opens a session as a document to be read, messages and all; it grows while somebody works in it. */
export const show: SessionHandler = async (scope, args) => {
  const { sessions } = scope;
  const id = await sessionFor(scope, args, 'Show which session?');
  if (id === undefined) return undefined;
  recoverIfGone(sessions, id);
  const listed = sessions.feed.get(id);
  const name = listed === undefined ? id : sessionName(listed, 40);
  await transcriptsOf(sessions).show(id, name);
  return id;
};

function optionsIn(value: unknown): { format?: Format; path?: string } {
  if (typeof value !== 'object' || value === null) return {};
  const { format, path: file } = value as { format?: unknown; path?: unknown };
  return {
    ...(format === 'json' || format === 'markdown' ? { format } : {}),
    ...(typeof file === 'string' ? { path: file } : {}),
  };
}

async function askFormat(): Promise<Format | undefined> {
  const items = [
    {
      label: 'JSON',
      description: 'whole: can be imported again, here or elsewhere',
      format: 'json',
    },
    { label: 'Markdown', description: 'to be read by people', format: 'markdown' },
  ] as const;
  const picked = await vscode.window.showQuickPick(items, { title: 'Export Session as' });
  return picked?.format;
}

async function askTarget(
  { sessions }: SessionScope,
  id: string,
  format: Format,
): Promise<string | undefined> {
  const listed = sessions.feed.get(id);
  const slug = (listed === undefined ? id : sessionName(listed, 50))
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '');
  const name = `${slug || id}.${format === 'json' ? 'json' : 'md'}`;
  const uri = await vscode.window.showSaveDialog({
    title: 'Export Session',
    defaultUri: vscode.Uri.file(path.join(sessions.window.host.workspace.folder, name)),
    filters: format === 'json' ? { JSON: ['json'] } : { Markdown: ['md'] },
  });
  return uri?.fsPath;
}

async function askSource(): Promise<string | undefined> {
  const uris = await vscode.window.showOpenDialog({
    title: 'Import Session',
    openLabel: 'Import',
    filters: { 'Exported sessions': ['json'] },
  });
  return uris?.[0]?.fsPath;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new HoldfastError('file.unreadable', `reading ${file}: ${String(error)}`, {
      data: { path: file },
      cause: error,
    });
  }
}
