import * as vscode from 'vscode';
import { HoldfastError } from '../../core/common/errors.ts';
import { userMessageFor } from '../../core/common/userMessage.ts';
import type { CommandScope, OpenedWindow } from '../commands/commandScope.ts';
import type { SessionWindow } from '../sessions/sessionWindow.ts';
import { toolCallsOf } from '../tools/registerTools.ts';
import { workingSessionsOf } from '../tools/workingSessions.ts';
import type { Chat, ChatMetadata } from './chatRequest.ts';
import { ChatSessions } from './chatSessions.ts';
import { talk } from './talk.ts';
import { slashCommands } from './slashCommands.ts';

const windows = new WeakMap<SessionWindow, ChatSessions>();

/** Answers one request of the chat. What fails is told there, with what to do next. */
export async function answerRequest(
  scope: CommandScope,
  request: vscode.ChatRequest,
  { history }: vscode.ChatContext,
  { stream, token }: { stream: vscode.ChatResponseStream; token: vscode.CancellationToken },
): Promise<vscode.ChatResult> {
  const before = sessionBefore(history);
  try {
    const opened = await openChat(scope.open());
    const chat: Chat = { ...opened, request, before, stream, token };
    const handler = request.command === undefined ? talk : slashCommands[request.command];
    if (handler === undefined) {
      throw new HoldfastError('input.invalid', `there is no command /${request.command ?? ''}`);
    }
    return { metadata: { sessionId: before, ...(await handler(chat)) } };
  } catch (error) {
    scope.log.error('chat.failed', { error });
    const { message, hint } = userMessageFor(error);
    const text = [message, hint].filter((part) => part !== undefined).join('. ');
    return { errorDetails: { message: text }, metadata: { sessionId: before } };
  }
}

async function openChat(
  window: OpenedWindow,
): Promise<Pick<Chat, 'window' | 'sessions' | 'working' | 'calls' | 'chats'>> {
  const working = await workingSessionsOf(window);
  const { sessions } = working;
  const chats = windows.get(sessions) ?? new ChatSessions(sessions);
  windows.set(sessions, chats);
  return { window, sessions, working, calls: await toolCallsOf(window), chats };
}

/** The session that the chat was in with its latest answer. */
function sessionBefore(history: vscode.ChatContext['history']): string | undefined {
  const last = history.findLast((turn) => turn instanceof vscode.ChatResponseTurn);
  const metadata = last?.result.metadata as ChatMetadata | undefined;
  return typeof metadata?.sessionId === 'string' ? metadata.sessionId : undefined;
}
