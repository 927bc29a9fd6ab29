import * as vscode from 'vscode';
import { HoldfastError } from './core/common/errors.ts';
import { registerChat } from './vscode/chat/registerChat.ts';
import type { CommandScope } from './vscode/commands/commandScope.ts';
import { registerCommands } from './vscode/commands/registerCommands.ts';
import { LazyWindow } from './vscode/lazyWindow.ts';
import { registerMcpServer } from './vscode/mcp/serverDefinition.ts';
import { registerModels } from './vscode/model/registerModels.ts';
import { registerTools } from './vscode/tools/registerTools.ts';
import { registerTranscripts } from './vscode/transcript/registerTranscripts.ts';
import { createUserMessages } from './vscode/userMessages.ts';
import { createWindowLog } from './vscode/windowLog.ts';
import { createSettingsReader, watchHomeSetting } from './vscode/windowSettings.ts';

export function activate(context: vscode.ExtensionContext): void {
  const startedAtMs = performance.now();
  const channel = vscode.window.createOutputChannel('Holdfast', { log: true });
  const log = createWindowLog(channel);
  const messages = createUserMessages(log);
  context.subscriptions.push(channel);
  try {
    const readSettings = createSettingsReader(messages.showWarning);
    const window = new LazyWindow(context, log, readSettings);
    const scope: CommandScope = {
      log,
      messages,
      readSettings,
      showLog: () => {
        channel.show();
      },
      open: () => window.open(),
    };
    context.subscriptions.push(window, registerCommands(scope), watchHomeSetting());
    context.subscriptions.push(registerMcpServer(context, scope));
    context.subscriptions.push(registerModels(context, scope));
    context.subscriptions.push(registerTools(scope), registerChat(context, scope));
    context.subscriptions.push(registerTranscripts(scope));
    openSoon(context, scope);
    log.info('activated', { durationMs: Math.round(performance.now() - startedAtMs) });
  } catch (error) {
    // The editor itself says nothing when an extension cannot start.
    messages.showError(error);
    throw error;
  }
}

/** Reading the tasks takes longer than all the rest of the start: other extensions go first. */
function openSoon(context: vscode.ExtensionContext, { open, messages }: CommandScope): void {
  const timer = setTimeout(() => {
    try {
      open();
    } catch (error) {
      // A window without a folder on a disk has no tasks, which is nothing to complain about.
      const isNormal =
        HoldfastError.is(error, 'workspace.none') || HoldfastError.is(error, 'workspace.virtual');
      if (!isNormal) messages.showError(error);
    }
  }, 0);
  context.subscriptions.push({
    dispose: () => {
      clearTimeout(timer);
    },
  });
}
