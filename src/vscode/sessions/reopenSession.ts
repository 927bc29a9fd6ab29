import { HoldfastError } from '../../core/common/errors.ts';
import type { SessionWindow } from './sessionWindow.ts';

/** After a reload the extension host before this one may take so long to end. */
const RETRY_MS = 1000;
const MAX_TRIES = 6;

/**
 * Makes the session current again that was so when the window was last open, quietly: a reload is no resume. One that
 * another window has open stays with it.
 */
export function reopenLastSession(sessions: SessionWindow): void {
  const id = sessions.stored.workspace?.activeSession;
  if (!sessions.readSettings().reopenSession || typeof id !== 'string') return;
  tryReopen(sessions, id, 1);
}

function tryReopen(sessions: SessionWindow, id: string, tries: number): void {
  const { current, window } = sessions;
  if (current.id !== undefined) return;
  try {
    current.reopen(id);
    window.log.info('session.reopened', { id, tries });
  } catch (error) {
    window.log.info('session.notReopened', { id, tries, error: String(error) });
    if (!HoldfastError.is(error, 'session.heldElsewhere') || tries >= MAX_TRIES) return;
    const timer = setTimeout(() => {
      tryReopen(sessions, id, tries + 1);
    }, RETRY_MS);
    window.disposables.add({
      dispose: () => {
        clearTimeout(timer);
      },
    });
  }
}
