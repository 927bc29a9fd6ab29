import path from 'node:path';
import * as vscode from 'vscode';
import { compareFile } from '../../core/sessions/describeFile.ts';
import type { FileInContext } from '../../core/sessions/sessionState.ts';
import type { Chat, ChatHandler } from './chatRequest.ts';
import { plain, reply } from './reply.ts';

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
    const isInside = !path.relative(folder, file.path).startsWith('..');
    stream.markdown('- ');
    stream.anchor(
      vscode.Uri.file(file.path),
      isInside ? path.relative(folder, file.path) : file.path,
    );
    stream.markdown(` ${wordsFor(file)}\n`);
  }
  if (files.length > MAX_FILES) stream.markdown(`- and ${files.length - MAX_FILES} more`);
  return {};
};

/** `/notes`, `/notes the crocodile must not see the password`. */
export const showNotes: ChatHandler = (chat) => {
  const { sessions, stream, request } = chat;
  const text = request.prompt.trim();
  if (text !== '') {
    sessions.current.ensure(text);
    sessions.current.append({ type: 'note', text });
    sessions.feed.refresh();
    stream.markdown('$(note) Noted.');
    return { sessionId: sessions.current.id };
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
