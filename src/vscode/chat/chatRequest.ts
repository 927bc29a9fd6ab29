import type * as vscode from 'vscode';
import type { OpenedWindow } from '../commands/commandScope.ts';
import type { SessionWindow } from '../sessions/sessionWindow.ts';
import type { ToolCalls } from '../tools/toolCalls.ts';
import type { WorkingSessions } from '../tools/workingSessions.ts';
import type { ChatSessions } from './chatSessions.ts';

/** One request in the chat, with all that answers it. */
export interface Chat {
  readonly window: OpenedWindow;
  readonly sessions: SessionWindow;
  readonly working: WorkingSessions;
  readonly calls: ToolCalls;
  readonly chats: ChatSessions;
  readonly request: vscode.ChatRequest;
  /** The session that this chat was in last. */
  readonly before: string | undefined;
  /** Says in which session the chat is from now on, whatever comes of the request. */
  readonly noteSession: (id: string) => void;
  readonly stream: vscode.ChatResponseStream;
  readonly token: vscode.CancellationToken;
}

/** What is kept with an answer: later requests of the same chat find it in their history. */
export interface ChatMetadata {
  readonly sessionId?: string | undefined;
  /** How the turn ended, if there was one. */
  readonly outcome?: string | undefined;
  /** What can be asked next. */
  readonly followups?: readonly ChatFollowup[];
}

export interface ChatFollowup {
  readonly label: string;
  readonly prompt: string;
  readonly command?: string;
}

/** Answers a request; what it gives is kept with the answer. @throws HoldfastError, which is told in the chat. */
export type ChatHandler = (chat: Chat) => Promise<ChatMetadata> | ChatMetadata;
