import * as vscode from 'vscode';
import type {
  ConversationModel,
  ModelFailure,
  ModelMessage,
  ModelPart,
  ModelRequest,
  StreamPart,
} from '../../core/agents/conversation/model.ts';
import { privatePart, readPrivatePart, SYSTEM_NAME } from '../model/privateParts.ts';
import { VENDOR } from '../model/vendor.ts';

/** The model that the user has picked in the chat, as a conversation talks to it. */
export function chatModel(chat: vscode.LanguageModelChat): ConversationModel {
  return {
    id: `${chat.vendor}/${chat.id}`,
    name: chat.name,
    maxInputTokens: chat.maxInputTokens,
    countTokens: async (text, signal) =>
      withToken(signal, async (token) => chat.countTokens(text, token)),
    stream: (request) => streamAnswer(chat, request),
  };
}

async function* streamAnswer(
  chat: vscode.LanguageModelChat,
  { system, messages, tools, signal }: ModelRequest,
): AsyncGenerator<StreamPart> {
  const source = new vscode.CancellationTokenSource();
  const cancel = (): void => {
    source.cancel();
  };
  signal.addEventListener('abort', cancel);
  if (signal.aborted) cancel();
  let told: ModelFailure | undefined;
  try {
    const response = await chat.sendRequest(
      toChatMessages(chat, system, messages),
      { tools: [...tools], justification: 'To work with you in this session.' },
      source.token,
    );
    for await (const part of response.stream) {
      const failure = readPrivatePart(part, 'failure');
      if (failure !== undefined) told = failure as ModelFailure;
      yield* toStreamPart(part);
    }
  } catch (error) {
    yield { type: 'failed', failure: told ?? failureOf(error, signal) };
  } finally {
    signal.removeEventListener('abort', cancel);
    source.dispose();
  }
}

function* toStreamPart(part: unknown): Generator<StreamPart> {
  if (part instanceof vscode.LanguageModelTextPart) {
    yield { type: 'text', text: part.value };
  } else if (part instanceof vscode.LanguageModelToolCallPart) {
    yield { type: 'tool-call', id: part.callId, name: part.name, input: part.input };
  } else {
    const thinking = readPrivatePart(part, 'thinking') as
      { readonly text: string; readonly block: unknown } | undefined;
    if (thinking !== undefined) {
      yield { type: 'thinking', text: thinking.text, opaque: thinking.block };
    }
    const end = readPrivatePart(part, 'end');
    if (end !== undefined) yield end as Extract<StreamPart, { type: 'end' }>;
  }
}

/** There is no role for the system prompt; our own models know it by its name, others get it as the first message. */
function toChatMessages(
  { vendor }: vscode.LanguageModelChat,
  system: string,
  messages: readonly ModelMessage[],
): vscode.LanguageModelChatMessage[] {
  const isOwn = vendor === VENDOR;
  return [
    vscode.LanguageModelChatMessage.User(system, SYSTEM_NAME),
    ...messages.map(({ role, parts }) => {
      if (role === 'user') return vscode.LanguageModelChatMessage.User(parts.flatMap(toUserPart));
      const said = parts.flatMap((part) => toAssistantPart(part, isOwn));
      return vscode.LanguageModelChatMessage.Assistant(said);
    }),
  ];
}

function toUserPart(
  part: ModelPart,
): (vscode.LanguageModelTextPart | vscode.LanguageModelToolResultPart)[] {
  if (part.type === 'text') return [new vscode.LanguageModelTextPart(part.text)];
  if (part.type !== 'tool-result') return [];
  const { id, output, isError } = part;
  const result = new vscode.LanguageModelToolResultPart(id, [
    new vscode.LanguageModelTextPart(output),
  ]);
  // The editor hands it on, though its public interface does not name it.
  return [isError ? Object.assign(result, { isError }) : result];
}

function toAssistantPart(
  part: ModelPart,
  isOwn: boolean,
): (
  vscode.LanguageModelTextPart | vscode.LanguageModelToolCallPart | vscode.LanguageModelDataPart
)[] {
  switch (part.type) {
    case 'text':
      return [new vscode.LanguageModelTextPart(part.text)];
    case 'tool-call':
      return [new vscode.LanguageModelToolCallPart(part.id, part.name, part.input)];
    case 'thinking':
      return isOwn ? [privatePart('thinking', { text: part.text, block: part.opaque })] : [];
    case 'tool-result':
      return [];
  }
}

function failureOf(error: unknown, signal: AbortSignal): ModelFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (signal.aborted || error instanceof vscode.CancellationError) {
    return { kind: 'cancelled', message };
  }
  if (!(error instanceof vscode.LanguageModelError)) return { kind: 'unknown', message };
  switch (error.code) {
    case vscode.LanguageModelError.NoPermissions.name:
      return { kind: 'consent', message };
    case vscode.LanguageModelError.Blocked.name:
      return { kind: 'quota', message };
    case vscode.LanguageModelError.NotFound.name:
      return { kind: 'unavailable', message };
    default: {
      const cause = error.cause instanceof Error ? error.cause.message : message;
      return { kind: 'unknown', message: cause };
    }
  }
}

async function withToken<T>(
  signal: AbortSignal,
  act: (token: vscode.CancellationToken) => Promise<T>,
): Promise<T> {
  const source = new vscode.CancellationTokenSource();
  const cancel = (): void => {
    source.cancel();
  };
  signal.addEventListener('abort', cancel);
  try {
    return await act(source.token);
  } finally {
    signal.removeEventListener('abort', cancel);
    source.dispose();
  }
}
