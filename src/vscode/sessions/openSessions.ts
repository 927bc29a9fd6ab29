import * as vscode from 'vscode';
import { noteEndedTasks } from '../../core/sessions/sessionTasks.ts';
import { SessionStore } from '../../core/sessions/sessionStore.ts';
import { onDidEndTask } from '../endedTasks.ts';
import type { HoldfastWindow } from '../holdfastWindow.ts';
import type { Settings } from '../settings.ts';
import { nameSessionInTerminals } from '../terminalEnvironment.ts';
import { registerSessionTree } from '../views/sessionTree.ts';
import { CurrentSession } from './currentSession.ts';
import { onBegun, onHandover } from '../../core/sessions/handover.ts';
import { registerKeptVersions } from './keptVersionDocuments.ts';
import { keepRecords, recordedSessions } from './recordKeeper.ts';
import { createOpenSearch } from './openTextSearch.ts';
import { reopenLastSession } from './reopenSession.ts';
import { registerResumeReports } from './resumeReport.ts';
import { registerSavedFiles } from './savedFiles.ts';
import { SessionFeed } from './sessionFeed.ts';
import { registerSessionStatusBar } from './sessionStatusBar.ts';
import { registerSessionUpkeep } from './sessionUpkeep.ts';
import type { SessionWindow } from './sessionWindow.ts';
import { resumeInWindow } from './takeUp.ts';
import { StoredSessions } from './storedSessions.ts';

/** Opens the sessions of a window and shows them; all of it goes with the window's `disposables`. */
export function openSessions(
  context: vscode.ExtensionContext,
  window: HoldfastWindow,
  readSettings: () => Settings,
): SessionWindow {
  const startedAtMs = performance.now();
  const { disposables, host, log } = window;
  const { clock, workspace } = host;
  const store = new SessionStore(host);
  const stored = disposables.add(
    new StoredSessions(context.globalState, workspace.folder, { log, now: () => clock.now() }),
  );
  const retentionDays = (): number => readSettings().sessionRetentionDays;
  const recorded = recordedSessions(stored, store, retentionDays);
  const feed = disposables.add(new SessionFeed(store, recorded));
  const current = disposables.add(new CurrentSession(store));
  const openSearch = createOpenSearch(window);
  const sessions: SessionWindow = {
    ...{ window, store, feed, current, stored, readSettings },
    openSearch,
  };

  disposables.add(registerResumeReports());
  disposables.add(registerKeptVersions(workspace));
  registerSessionTree(sessions);
  disposables.add(registerSessionStatusBar(sessions));
  disposables.add(registerSavedFiles(sessions));
  disposables.add(keepRecords(feed, store, stored));
  disposables.add(registerSessionUpkeep(sessions));
  noteEnds(sessions);
  reopenLastSession(sessions);
  disposables.add(
    onHandover(workspace, (id) => {
      tryHandover(sessions, id);
    }),
  );
  disposables.add(
    onBegun(workspace, (id) => {
      tryReopen(sessions, id);
    }),
  );
  tellCurrent(context, sessions);
  log.info('sessions.opened', { durationMs: Math.round(performance.now() - startedAtMs) });
  return sessions;
}

/**
 * How the tasks of the current session end belongs into its journal, since its user sees it. Of other sessions' tasks it
 * is told, and written down, when these are resumed.
 */
function noteEnds({ window, current, store }: SessionWindow): void {
  const tryTo = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      window.log.warn('taskEnd.notNoted', { error });
    }
  };
  window.disposables.add(
    window.feed.onDidChange(({ removed }) => {
      // Nobody else knows any more how they ended.
      if (removed.some(({ session }) => session !== undefined)) {
        tryTo(() => noteEndedTasks(store, removed));
      }
    }),
  );
  window.disposables.add(
    onDidEndTask(window, (ended) => {
      tryTo(() => {
        for (const task of ended) current.noteTaskEnd(task);
      });
    }),
  );
}

/** Another window was asked for a session of this workspace. */
function tryHandover(sessions: SessionWindow, id: string): void {
  try {
    resumeInWindow(sessions, id);
  } catch (error) {
    sessions.window.log.warn('session.notHandedOver', { id, error });
  }
}

/** An agent of this window has begun a session, as the window had none. */
function tryReopen({ current, feed, window }: SessionWindow, id: string): void {
  if (current.id !== undefined) return;
  try {
    current.reopen(id);
    feed.refresh();
  } catch (error) {
    window.log.warn('session.notTakenUp', { id, error });
  }
}

/** Lets terminals, menus and the next window know which session is current. */
function tellCurrent(context: vscode.ExtensionContext, sessions: SessionWindow): void {
  const { current, stored, window } = sessions;
  const tell = (): void => {
    nameSessionInTerminals(context.environmentVariableCollection, current.id);
    void vscode.commands.executeCommand(
      'setContext',
      'holdfast.hasSession',
      current.id !== undefined,
    );
  };
  tell();
  window.disposables.add(
    current.onDidChange(() => {
      tell();
      stored.put([], { id: current.id ?? null });
    }),
  );
}
