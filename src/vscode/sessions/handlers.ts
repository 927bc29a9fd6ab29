import type { CommandScope, OpenedWindow } from '../commands/commandScope.ts';
import type { SessionWindow } from './sessionWindow.ts';

/** What the commands for sessions have at hand. */
export interface SessionScope {
  readonly scope: CommandScope;
  readonly window: OpenedWindow;
  readonly sessions: SessionWindow;
}

/** Does what a command is for; its result reaches keybindings, tests and other extensions. */
export type SessionHandler = (scope: SessionScope, args: readonly unknown[]) => unknown;
