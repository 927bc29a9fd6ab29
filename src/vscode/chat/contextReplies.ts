import path from 'node:path';
import * as vscode from 'vscode';
import { compareFile } from '../../core/sessions/describeFile.ts';
import { Journal } from '../../core/sessions/journal.ts';
import type { FileInContext } from '../../core/sessions/sessionState.ts';
import { inlineText } from '../../core/sessions/markdown.ts';
import type { SessionHandler } from '../sessions/handlers.ts';
import { showDocument } from '../sessions/resumeReport.ts';
import { sessionFor } from '../sessions/sessionArgument.ts';
import type { Chat, ChatHandler } from './chatRequest.ts';
import { plain, reply } from './reply.ts';
import { titleOf } from './sessionTitle.ts';

const MAX_FILES = 200;

/** `/files`. */
export const showFiles: ChatHandler = (chat) => {
  const { stream, sessions } = chat;
  const state = stateOf(chat);
  const files = [...(state?.files.values() ?? [])];
  if (files.length === 0) {
    stream.markdown('This session has read and changed no files yet.');
    return {};
  }
  const { folder } = sessions.window.host.workspace;
  stream.markdown(`${files.length} ${files.length === 1 ? 'file' : 'files'} in this session:\n\n`);
  for (const file of files.slice(0, MAX_FILES)) {
    stream.markdown('- ');
    stream.anchor(vscode.Uri.file(file.path), nameIn(folder, file.path));
    stream.markdown(` ${wordsFor(file)}\n`);
  }
  if (files.length > MAX_FILES) stream.markdown(`- and ${files.length - MAX_FILES} more`);
  return {};
};

/** The same as a document. */
export const openFiles: SessionHandler = async (scope, args) => {
  const id = await sessionFor(scope, args, 'Show the files of which session?');
  if (id === undefined) return undefined;
  const { sessions } = scope;
  const { folder } = sessions.window.host.workspace;
  const rows = [...sessions.store.fold(id).state.files.values()].map((file) => {
    const name = inlineText(nameIn(folder, file.path));
    return `- [${name}](${vscode.Uri.file(file.path).toString()}) ${wordsFor(file)}`;
  });
  const none = 'This session has read and changed no files yet.';
  const title = titleOf(sessions, id);
  const list = rows.length === 0 ? none : rows.join('\n');
  await showDocument(`Files of ${title}`, `files ${id}`, `# ${inlineText(title)}\n\n${list}\n`);
  return id;
};

/** `/notes`, `/notes the crocodile must not see the password`. */
export const showNotes: ChatHandler = (chat) => {
  const { sessions, stream, request, window, before } = chat;
  const text = request.prompt.trim();
  if (text !== '') {
    const id = before ?? sessions.current.ensure(text);
    new Journal(window.host, id).append({ type: 'note', text });
    sessions.feed.refresh();
    stream.markdown(reply('$(note) Noted.'));
    return {};
  }
  const notes = stateOf(chat)?.notes ?? [];
  stream.markdown(
    notes.length === 0
      ? 'This session has no notes. `/notes` and a text adds one.'
      : reply(notes.map((note) => `- ${plain(note)}`).join('\n')),
  );
  stream.button({ command: 'holdfast.sessions.updateNotes', title: 'Write Notes File' });
  return {};
};

/** The notes as a document. */
export const openNotes: SessionHandler = async (scope, args) => {
  const id = await sessionFor(scope, args, 'Show the notes of which session?');
  if (id === undefined) return undefined;
  const { sessions } = scope;
  const { notes } = sessions.store.fold(id).state;
  const none = 'This session has no notes. _Add Note to Session…_ adds one.';
  const list = notes.length === 0 ? none : notes.map((note) => `- ${inlineText(note)}`).join('\n');
  const title = titleOf(sessions, id);
  await showDocument(`Notes of ${title}`, `notes ${id}`, `# ${inlineText(title)}\n\n${list}\n`);
  return id;
};

function nameIn(folder: string, file: string): string {
  const relative = path.relative(folder, file);
  return relative.startsWith('..') ? file : relative;
}

function stateOf({ sessions, before }: Chat) {
  const id = before ?? sessions.current.id;
  return id === undefined ? undefined : sessions.store.fold(id).state;
}

function wordsFor(file: FileInContext): string {
  const now = compareFile(file);
  const since = now === 'unchanged' ? '' : now === 'missing' ? ', missing now' : ', changed since';
  const how = file.isCreated ? 'created' : file.isModified ? 'modified' : 'read';
  return `${how}${since}`;
}
