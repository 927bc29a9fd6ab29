import * as vscode from 'vscode';
import type { Log } from '../../core/common/log.ts';
import type { AgentQuestions } from '../claude/agentQuestions.ts';
import type { HoldfastWindow } from '../holdfastWindow.ts';
import type { LazySessions } from '../sessions/lazySessions.ts';
import type { Settings } from '../settings.ts';
import type { KeptTerminals } from '../terminals/keptTerminals.ts';
import type { UserMessages } from '../userMessages.ts';

/** A window on a workspace, with what shows its tasks. */
export interface OpenedWindow extends HoldfastWindow {
  readonly channels: { show(id: string): void };
  readonly sessions: LazySessions;
  /** What the workspace's agents wait for. */
  readonly questions: AgentQuestions;
  readonly terminals: Pick<KeptTerminals, 'attach'>;
  /** Somebody looks at the tasks: their failures are no news any more. */
  readonly onDidLook: () => void;
}

/** What every command has at hand. */
export interface CommandScope {
  readonly log: Log;
  readonly messages: UserMessages;
  readonly readSettings: () => Settings;
  readonly showLog: () => void;
  /**
   * The window's tasks, opened by the first who asks.
   * @throws HoldfastError `workspace.none`, `workspace.virtual`, `home.unsafe`, `home.notWritable`, `disk.full`.
   */
  readonly open: () => OpenedWindow;
}

/**
 * Registers a command whose failure is logged and shown here, and nowhere else. Its result reaches other extensions and
 * tests; that of a failed one is undefined, since the editor would show an error that is thrown a second time.
 */
export function registerCommand(
  scope: CommandScope,
  id: string,
  handler: (...args: readonly unknown[]) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: readonly unknown[]) => {
    scope.log.debug('command.called', { id });
    try {
      return await handler(...args);
    } catch (error) {
      scope.messages.showError(error);
      return undefined;
    }
  });
}
