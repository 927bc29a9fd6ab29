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
  let stopping: vscode.Disposable | undefined;
  let sessionId = sessionBefore(history);
  const noteSession = (id: string): void => {
    sessionId = id;
  };
  try {
    const opened = await openChat(scope.open());
    const { chats } = opened;
    if (hasLostAnswer(history)) sessionId ??= chats.takeStopped();
    stopping = token.onCancellationRequested(() => {
      chats.noteStopped(sessionId);
    });
    const chat: Chat = { ...opened, request, before: sessionId, noteSession, stream, token };
    const handler = request.command === undefined ? talk : slashCommands[request.command];
    if (handler === undefined) {
      throw new HoldfastError('input.invalid', `there is no command /${request.command ?? ''}`);
    }
    const metadata = await handler(chat);
    return { metadata: { sessionId, ...metadata } };
  } catch (error) {
    scope.log.error('chat.failed', { error });
    const { message, hint } = userMessageFor(error);
    const text = [message, hint].filter((part) => part !== undefined).join('. ');
    return { errorDetails: { message: text }, metadata: { sessionId } };
  } finally {
    stopping?.dispose();
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

/** The session that the chat was in last. An answer that broke off, or that a window took with it, has left no word. */
function sessionBefore(history: vscode.ChatContext['history']): string | undefined {
  for (const turn of [...history].reverse()) {
    if (!(turn instanceof vscode.ChatResponseTurn)) continue;
    const metadata = turn.result.metadata as ChatMetadata | undefined;
    if (typeof metadata?.sessionId === 'string') return metadata.sessionId;
  }
  return undefined;
}

/** Every answer of ours has metadata; one that comes a second after it was stopped the editor drops. */
function hasLostAnswer(history: vscode.ChatContext['history']): boolean {
  return history.some(
    (turn) => turn instanceof vscode.ChatResponseTurn && turn.result.metadata === undefined,
  );
}
