import * as vscode from 'vscode';
import { HoldfastError } from '../../core/common/errors.ts';
import { branchSession } from '../../core/sessions/branchSession.ts';
import { findJournal, sessionFilesOf } from '../../core/sessions/sessionFiles.ts';
import { whyNoSessionId } from '../../core/sessions/sessionId.ts';
import type { SessionHandler, SessionScope } from './handlers.ts';
import { showResumePicker } from './resumePicker.ts';
import { sessionFor, sessionIdIn } from './sessionArgument.ts';
import { sessionName } from './sessionWords.ts';
import { continueInWindow, recoverIfGone, resumeInWindow } from './takeUp.ts';

/** Begins a session; gives its id. An id or a title may be given with `{ id, title }`. */
export const newSession: SessionHandler = ({ sessions }, [given]) => {
  const wanted = typeof given === 'object' && given !== null ? given : {};
  const id = sessions.current.begin({
    ...('id' in wanted && typeof wanted.id === 'string' ? { id: wanted.id } : {}),
    ...('title' in wanted && typeof wanted.title === 'string' ? { title: wanted.title } : {}),
  });
  sessions.feed.refresh();
  vscode.window.setStatusBarMessage('$(history) New session', 4000);
  return id;
};

export const newSessionWithId: SessionHandler = async ({ sessions }, [given]) => {
  const { workspace } = sessions.window.host;
  const problemWith = (text: string): string | undefined => {
    const reason = whyNoSessionId(text);
    if (reason !== undefined) return `This cannot be an id: ${reason}.`;
    const isTaken = findJournal(sessionFilesOf(workspace, text)) !== undefined;
    return isTaken ? 'There is a session of this id already.' : undefined;
  };
  const id =
    typeof given === 'string'
      ? given
      : await vscode.window.showInputBox({
          title: 'New Session with Id',
          prompt: 'A name such as project-main, or a UUID. It names the session for good.',
          placeHolder: 'project-main',
          validateInput: problemWith,
        });
  if (id === undefined) return undefined;
  sessions.current.begin({ id });
  sessions.feed.refresh();
  return id;
};

export const continueLast: SessionHandler = ({ sessions }) => continueInWindow(sessions).sessionId;

/** With a session named, takes that up; else shows the picker, and does not wait for it. */
export const resume: SessionHandler = (scope, args) => {
  const id = sessionIdIn(args);
  if (id !== undefined) return resumeInWindow(scope.sessions, resolve(scope, id)).sessionId;
  void showResumePicker(scope).catch(scope.scope.messages.showError);
  return undefined;
};

/** The same picker: typing in it searches the full text. */
export const search: SessionHandler = (scope, [text]) => {
  const value = typeof text === 'string' ? text : '';
  void showResumePicker(scope, { value, title: 'Search Sessions' }).catch(
    scope.scope.messages.showError,
  );
};

export const resumeById: SessionHandler = async (scope, [given]) => {
  const id =
    typeof given === 'string'
      ? given
      : await vscode.window.showInputBox({
          title: 'Resume Session by Id',
          prompt: 'The id of a session, or how it begins (four characters at least).',
          placeHolder: 'project-main',
          validateInput: (text) => (text.trim() === '' ? 'Type an id.' : undefined),
        });
  if (id === undefined) return undefined;
  return resumeInWindow(scope.sessions, resolve(scope, id.trim())).sessionId;
};

/** Copies a session's past into a new one, which becomes current; gives its id. */
export const branch: SessionHandler = async (scope, args) => {
  const { sessions } = scope;
  const parent = await sessionFor(scope, args, 'Branch which session?');
  if (parent === undefined) return undefined;
  recoverIfGone(sessions, parent);
  const id = branchSession(sessions.store, parent);
  sessions.current.reopen(id);
  sessions.feed.refresh();
  const listed = sessions.feed.get(parent);
  const name = listed === undefined ? parent : sessionName(listed);
  void vscode.window.showInformationMessage(
    `This is now a branch of “${name}”. Both go on from here without touching each other; tasks are shared.`,
  );
  return id;
};

function resolve({ sessions }: SessionScope, text: string): string {
  if (sessions.feed.get(text) !== undefined) return text;
  try {
    return sessions.store.resolveId(text);
  } catch (error) {
    const mayBeKept = HoldfastError.is(error, 'session.notFound');
    // The feed may not know yet that a journal is gone.
    if (mayBeKept) sessions.feed.refresh();
    if (mayBeKept && sessions.feed.get(text) !== undefined) return text;
    throw error;
  }
}
