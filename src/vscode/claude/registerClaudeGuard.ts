import type { Disposable } from '../../core/common/disposables.ts';
import type { HoldfastWindow } from '../holdfastWindow.ts';
import type { Settings } from '../settings.ts';

/** The window has opened by then, and its user has come to rest. */
const FIRST_LOOK_MS = 30_000;
const LOOK_EVERY_MS = 60_000;

/** Looks after Claude Code's transcripts while a window is open, and says once what has vanished of them. */
export function registerClaudeGuard(
  window: HoldfastWindow,
  readSettings: () => Settings,
): Disposable {
  let isDisposed = false;
  let timer = setTimeout(() => {
    void look();
  }, FIRST_LOOK_MS);
  const look = async (): Promise<void> => {
    try {
      const { runGuard } = await import('./claudeGuard.ts');
      await runGuard(window, readSettings());
    } catch (error) {
      window.log.warn('transcripts.notGuarded', { error });
    }
    if (isDisposed) return;
    timer = setTimeout(() => {
      void look();
    }, LOOK_EVERY_MS);
  };
  return {
    dispose: () => {
      isDisposed = true;
      clearTimeout(timer);
    },
  };
}
