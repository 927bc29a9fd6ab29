import { SessionStore } from '../../../src/core/sessions/sessionStore.ts';
import { CurrentSession } from '../../../src/vscode/sessions/currentSession.ts';
import { recordedSessions } from '../../../src/vscode/sessions/recordKeeper.ts';
import { SessionFeed } from '../../../src/vscode/sessions/sessionFeed.ts';
import type { SessionWindow } from '../../../src/vscode/sessions/sessionWindow.ts';
import { StoredSessions, type Store } from '../../../src/vscode/sessions/storedSessions.ts';
import { readSettings } from '../../../src/vscode/settings.ts';
import type { TaskWindow } from './taskWindow.ts';

/** A store that nobody else writes to. */
export function ownStore(): Store {
  const values = new Map<string, unknown>();
  return {
    get: (key) => values.get(key),
    update: (key, value) => {
      values.set(key, structuredClone(value));
      return Promise.resolve();
    },
  };
}

/** The sessions of a window on a home of its own. */
export function sessionsBeside(window: TaskWindow, memento: Store = ownStore()): SessionWindow {
  const { host, disposables, log } = window;
  const store = new SessionStore(host);
  const stored = disposables.add(
    new StoredSessions(memento, host.workspace.folder, { log, now: () => Date.now() }),
  );
  const settings = readSettings(
    () => undefined,
    (problem) => {
      throw problem;
    },
  );
  const recorded = recordedSessions(stored, store, () => settings.sessionRetentionDays);
  const feed = disposables.add(new SessionFeed(store, recorded));
  const current = disposables.add(new CurrentSession(store));
  return {
    window,
    store,
    feed,
    current,
    stored,
    readSettings: () => settings,
    openSearch: () => Promise.reject(new Error('these sessions are not indexed')),
  };
}
