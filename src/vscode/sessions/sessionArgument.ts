import * as vscode from 'vscode';
import type { SessionScope } from './handlers.ts';
import type { ListedSession } from './sessionFeed.ts';
import { sessionItem, type SessionItem } from './sessionItems.ts';

/** A quick pick with more rows is slow, and nobody reads them. */
const MAX_OFFERED = 500;

/** The session that a command's arguments name: an id, or a row of the view. */
export function sessionIdIn([first]: readonly unknown[]): string | undefined {
  if (typeof first === 'string') return first === '' ? undefined : first;
  if (typeof first !== 'object' || first === null || !('session' in first)) return undefined;
  return typeof first.session === 'string' ? first.session : undefined;
}

/**
 * The session that a command is meant for: as named, else the current one, else the one that the user chooses.
 * @throws HoldfastError `session.notFound`.
 */
export async function sessionFor(
  scope: SessionScope,
  args: readonly unknown[],
  question: string,
  fits?: (session: ListedSession) => boolean,
): Promise<string | undefined> {
  const named = namedSession(scope, args);
  if (named !== undefined) return named;
  const { current, feed } = scope.sessions;
  const own = current.id === undefined ? undefined : feed.get(current.id);
  if (own !== undefined && (fits === undefined || fits(own))) return own.id;
  return chooseSession(scope, question, fits);
}

/** As {@link sessionFor}, for what should not happen to the current session just like that. */
export async function sessionNamedOrChosen(
  scope: SessionScope,
  args: readonly unknown[],
  question: string,
  fits?: (session: ListedSession) => boolean,
): Promise<string | undefined> {
  return namedSession(scope, args) ?? (await chooseSession(scope, question, fits));
}

function namedSession({ sessions }: SessionScope, args: readonly unknown[]): string | undefined {
  const id = sessionIdIn(args);
  if (id === undefined || sessions.feed.get(id) !== undefined) return id;
  return sessions.store.resolveId(id);
}

async function chooseSession(
  { sessions }: SessionScope,
  question: string,
  fits: (session: ListedSession) => boolean = () => true,
): Promise<string | undefined> {
  const fitting = sessions.feed.sessions.filter(fits);
  if (fitting.length === 0) {
    void vscode.window.showInformationMessage(`${question} There is none for this.`);
    return undefined;
  }
  const items: SessionItem[] = fitting
    .slice(0, MAX_OFFERED)
    .map((session) => sessionItem(sessions, session));
  const picked = await vscode.window.showQuickPick(items, {
    title: question,
    placeHolder: 'Type to filter by title',
    matchOnDescription: true,
  });
  return picked?.session.id;
}
