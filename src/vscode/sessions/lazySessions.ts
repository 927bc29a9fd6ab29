import type * as vscode from 'vscode';
import type { HoldfastWindow } from '../holdfastWindow.ts';
import type { Settings } from '../settings.ts';
import type { SessionWindow } from './sessionWindow.ts';

/** The window's sessions, whose code is loaded when they are first asked for. */
export interface LazySessions {
  /** @throws HoldfastError `home.unsafe`, `home.notWritable`, `disk.full`; a later call tries again. */
  readonly open: () => Promise<SessionWindow>;
}

export function createLazySessions(
  context: vscode.ExtensionContext,
  window: HoldfastWindow,
  readSettings: () => Settings,
): LazySessions {
  let opening: Promise<SessionWindow> | undefined;
  const openNow = async (): Promise<SessionWindow> => {
    try {
      const { openSessions } = await import('./openSessions.ts');
      return openSessions(context, window, readSettings);
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  return { open: () => (opening ??= openNow()) };
}
