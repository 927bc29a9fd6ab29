import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { HoldfastError } from '../../core/common/errors.ts';
import { pinSession, renameSession } from '../../core/sessions/sessionEdits.ts';
import { writeSessionNotes } from '../../core/sessions/sessionNotes.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';
import type { SessionHandler, SessionScope } from './handlers.ts';
import { sessionFor } from './sessionArgument.ts';
import { sessionName } from './sessionWords.ts';
import { recoverIfGone } from './takeUp.ts';

export const rename: SessionHandler = async (scope, args) => {
  const id = await sessionFor(scope, args, 'Rename which session?');
  if (id === undefined) return undefined;
  const { sessions } = scope;
  const [, given] = args;
  const listed = sessions.feed.get(id);
  const title =
    typeof given === 'string'
      ? given
      : await vscode.window.showInputBox({
          title: 'Rename Session',
          value: listed === undefined ? '' : (listed.title ?? listed.firstPrompt ?? ''),
          prompt: 'What this session is about.',
          validateInput: (text) =>
            text.trim() === '' ? 'A title needs a letter at least.' : undefined,
        });
  if (title === undefined) return undefined;
  if (title.trim() === '') {
    throw new HoldfastError('input.invalid', 'a title needs a letter at least');
  }
  recoverIfGone(sessions, id);
  const short = renameSession(sessions.window.host, id, title);
  sessions.feed.refresh();
  return short;
};

export const pin: SessionHandler = (scope, args) => setPinned(scope, args, true);
export const unpin: SessionHandler = (scope, args) => setPinned(scope, args, false);

async function setPinned(
  scope: SessionScope,
  args: readonly unknown[],
  isPinned: boolean,
): Promise<string | undefined> {
  const question = isPinned ? 'Pin which session?' : 'Unpin which session?';
  const id = await sessionFor(scope, args, question, (each) => each.isPinned !== isPinned);
  if (id === undefined) return undefined;
  recoverIfGone(scope.sessions, id);
  pinSession(scope.sessions.window.host, id, isPinned);
  scope.sessions.feed.refresh();
  return id;
}

export const copyId: SessionHandler = async (scope, args) => {
  const id = await sessionFor(scope, args, 'Copy the id of which session?');
  if (id === undefined) return undefined;
  await vscode.env.clipboard.writeText(id);
  vscode.window.setStatusBarMessage(`$(copy) Copied ${id}`, 4000);
  return id;
};

/** Adds a line of the user's own to the current session, which is begun if need be. */
export const addNote: SessionHandler = async ({ sessions }, [given]) => {
  const text =
    typeof given === 'string'
      ? given
      : await vscode.window.showInputBox({
          title: 'Add Note to Session',
          prompt: 'Kept with the session, found by the search.',
          placeHolder: 'Next: the login page still needs a test',
        });
  if (text === undefined || text.trim() === '') return undefined;
  const id = sessions.current.ensure(text);
  sessions.current.append({ type: 'note', text: text.trim() });
  sessions.feed.refresh();
  return id;
};

/** Writes the notes file of the session, or writes it anew around what the user wrote; gives its path. */
export const writeNotes: SessionHandler = async (scope, args) => {
  const { sessions } = scope;
  const { host } = sessions.window;
  const named =
    args[0] === undefined ? undefined : await sessionFor(scope, args, 'Notes of which session?');
  const id = named ?? sessions.current.ensure('');
  const { notesFile } = sessions.readSettings();
  await saveOpenNotes(scope);
  const record = sessions.store.record(id, { withMessages: true });
  const isNew = !existsSync(path.join(host.workspace.folder, notesFile));
  const file = writeSessionNotes(host.workspace.folder, record, host.clock.now(), notesFile);
  if (id === sessions.current.id) sessions.current.noteFile(file, isNew ? 'created' : 'modified');
  sessions.feed.refresh();
  await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: false });
  const listed = sessions.feed.get(id);
  const name = listed === undefined ? id : sessionName(listed);
  vscode.window.setStatusBarMessage(`$(note) Wrote where “${oneLine(name, 40)}” stands`, 4000);
  return file;
};

/** What is written in an editor and not saved would be lost to whoever saves last. */
async function saveOpenNotes({ sessions }: SessionScope): Promise<void> {
  const { notesFile } = sessions.readSettings();
  const { folder } = sessions.window.host.workspace;
  const uri = vscode.Uri.joinPath(vscode.Uri.file(folder), notesFile);
  const open = vscode.workspace.textDocuments.find(
    (document) => document.uri.toString() === uri.toString(),
  );
  if (open?.isDirty === true) await open.save();
}
