import * as vscode from 'vscode';
import { HoldfastError } from '../core/common/errors.ts';
import type { Log } from '../core/common/log.ts';
import { userMessageFor, type UserAction } from '../core/common/userMessage.ts';
import { sessionButtons, type Button } from './sessionButtons.ts';

/** The one place where failures become visible: in the log always, and as one message with what can be done. */
export interface UserMessages {
  /** Somebody asked for something that failed. Returns at once; the message stays until it is answered. */
  readonly showError: (error: unknown) => void;
  /** Something is not as it should be, and we cope. */
  readonly showWarning: (error: unknown) => void;
}

export function createUserMessages(log: Log): UserMessages {
  const say = (
    error: unknown,
    show: (message: string, ...labels: string[]) => Thenable<string | undefined>,
  ): void => {
    const { message, action } = userMessageFor(error);
    const ofSession = HoldfastError.is(error) ? sessionButtons(error) : [];
    // What nobody expected is a bug, whose cause is in the log only.
    const buttons = [
      ...ofSession,
      // The command line's own way out is none for somebody who has buttons.
      ...(action === undefined || ofSession.length > 0 ? [] : [buttonFor(action)]),
      ...(HoldfastError.is(error) || action?.kind === 'showLog' ? [] : [showLogButton]),
    ];
    void show(message, ...buttons.map(({ label }) => label)).then(
      (chosen) => buttons.find(({ label }) => label === chosen)?.run(),
      (failure: unknown) => {
        log.debug('message.notShown', { failure });
      },
    );
  };
  return {
    showError: (error) => {
      log.error('command.failed', { error, ...dataOf(error) });
      say(error, (...words) => vscode.window.showErrorMessage(...words));
    },
    showWarning: (error) => {
      log.warn('problem.found', { error, ...dataOf(error) });
      say(error, (...words) => vscode.window.showWarningMessage(...words));
    },
  };
}

function dataOf(error: unknown): object {
  return HoldfastError.is(error) ? { code: error.code, data: error.data } : {};
}

const command =
  (id: string, ...args: readonly unknown[]) =>
  (): unknown =>
    vscode.commands.executeCommand(id, ...args);

const showLogButton: Button = { label: 'Show Log', run: command('holdfast.log.show') };

function buttonFor(action: UserAction): Button {
  switch (action.kind) {
    case 'showLog':
      return showLogButton;
    case 'openSettings':
      return {
        label: 'Open Settings',
        run: command('workbench.action.openSettings', action.setting),
      };
    case 'showFile':
      return { label: 'Show File', run: command('vscode.open', vscode.Uri.file(action.path)) };
    case 'copyCommand':
      return {
        label: 'Copy Command to Fix It',
        run: () => vscode.env.clipboard.writeText(action.command),
      };
    case 'pickFolder':
      return { label: 'Open Folder', run: command('vscode.openFolder') };
    case 'manageTrust':
      return { label: 'Manage Workspace Trust', run: command('workbench.trust.manage') };
    case 'listTasks':
      return { label: 'Show Tasks', run: command('holdfast.tasks.list') };
    case 'setUpModel':
      return { label: 'Set Up a Model…', run: command('holdfast.model.setUp') };
    case 'findOrphans':
      return { label: 'Find Orphaned Processes', run: command('holdfast.processes.findOrphans') };
  }
}
