import type { SessionStore } from '../../core/sessions/sessionStore.ts';
import type { HoldfastWindow } from '../holdfastWindow.ts';
import type { Settings } from '../settings.ts';
import type { CurrentSession } from './currentSession.ts';
import type { SessionFeed } from './sessionFeed.ts';
import type { TextSearch } from './searchText.ts';
import type { StoredSessions } from './storedSessions.ts';

/** What the parts of one window that deal with sessions share; gone with the window. */
export interface SessionWindow {
  readonly window: HoldfastWindow;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly current: CurrentSession;
  readonly stored: StoredSessions;
  readonly readSettings: () => Settings;
  /** The search in the full text; its code and its worker start when it is first asked for. */
  readonly openSearch: () => Promise<TextSearch>;
}

/** How many tasks of a session run now: those that were started in it, and those that its journal knows as running. */
export function runningTasksOf(
  { feed }: HoldfastWindow,
  session: { readonly id: string; readonly openTaskIds: readonly string[] },
): string[] {
  return feed.tasks
    .filter(
      ({ status, id, session: owner }) =>
        status === 'running' && (owner === session.id || session.openTaskIds.includes(id)),
    )
    .map(({ id }) => id);
}
