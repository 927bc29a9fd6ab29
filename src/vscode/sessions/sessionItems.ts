import * as vscode from 'vscode';
import type { ListedSession } from './sessionFeed.ts';
import { runningTasksOf, type SessionWindow } from './sessionWindow.ts';
import { sessionFacts, sessionName, whenText } from './sessionWords.ts';

export interface SessionItem extends vscode.QuickPickItem {
  readonly session: ListedSession;
}

/** A session as a row of a quick pick. */
export function sessionItem(sessions: SessionWindow, session: ListedSession): SessionItem {
  const { feed, current, window } = sessions;
  const parent = session.parent === undefined ? undefined : feed.get(session.parent);
  const facts = sessionFacts(session, {
    runningTasks: runningTasksOf(window, session).length,
    parentName: parent && sessionName(parent, 24),
  });
  const isCurrent = session.id === current.id;
  const marks = [
    isCurrent ? 'current' : '',
    session.isPinned ? 'pinned' : '',
    session.isDamaged ? 'damaged' : '',
    session.isRecoverable ? 'journal gone, can be recovered' : '',
  ];
  const isBad = session.isDamaged || session.isRecoverable;
  return {
    label: sessionName(session),
    description: [...marks, whenText(session.lastActiveMs, window.host.clock.now()), ...facts]
      .filter((part) => part !== '')
      .join(' · '),
    iconPath: new vscode.ThemeIcon(
      isBad
        ? 'warning'
        : isCurrent
          ? 'circle-filled'
          : session.isPinned
            ? 'pinned'
            : session.parent === undefined
              ? 'history'
              : 'git-branch',
    ),
    session,
  };
}
