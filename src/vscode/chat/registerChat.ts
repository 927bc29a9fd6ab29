import * as vscode from 'vscode';
import { HoldfastError } from '../../core/common/errors.ts';
import { registerCommand, type CommandScope } from '../commands/commandScope.ts';
import type { ChatFollowup, ChatMetadata } from './chatRequest.ts';

/** As package.json has it. */
const PARTICIPANT = 'holdfast.chat';

/** Registers `@holdfast`; what answers is loaded with the first request. */
export function registerChat(
  context: vscode.ExtensionContext,
  scope: CommandScope,
): vscode.Disposable {
  const participant = vscode.chat.createChatParticipant(
    PARTICIPANT,
    async (request, history, stream, token) => {
      const { answerRequest } = await import('./answerRequest.ts');
      return answerRequest(scope, request, history, { stream, token });
    },
  );
  participant.iconPath = vscode.Uri.joinPath(context.extensionUri, 'media', 'icon.png');
  participant.followupProvider = {
    provideFollowups: ({ metadata }) =>
      ((metadata as ChatMetadata | undefined)?.followups ?? []).map(toFollowup),
  };
  return vscode.Disposable.from(
    participant,
    registerCommand(scope, 'holdfast.chat.open', openChat),
    registerCommand(scope, 'holdfast.permissions.show', async () => {
      const window = scope.open();
      const sessions = await window.sessions.open();
      const { openPermissions } = await import('./permissionReplies.ts');
      return openPermissions({ scope, window, sessions }, []);
    }),
  );
}

function toFollowup({ label, prompt, command }: ChatFollowup): vscode.ChatFollowup {
  return {
    label,
    prompt,
    participant: PARTICIPANT,
    ...(command === undefined ? {} : { command }),
  };
}

/** A participant is not called at all when there is no model: better to say so before the user has typed a page. */
async function openChat(text?: unknown): Promise<void> {
  const models = await vscode.lm.selectChatModels();
  if (models.length === 0) throw new HoldfastError('model.none', 'no language model is there');
  // A chat that comes back with its window would put its own text into the input.
  await vscode.commands.executeCommand('workbench.action.chat.open');
  const query = `@holdfast ${typeof text === 'string' ? text : ''}`;
  await vscode.commands.executeCommand('workbench.action.chat.open', {
    query,
    isPartialQuery: typeof text !== 'string',
  });
}
