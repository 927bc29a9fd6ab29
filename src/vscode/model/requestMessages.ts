import * as vscode from 'vscode';
import type { RequestMessage, RequestPart } from '../../model/types.ts';
import { isPrivatePart, readPrivatePart, SYSTEM_NAME } from './privateParts.ts';

/** Of `LanguageModelChatMessageRole`; the editor's own agents use it, though it has no public name yet. */
const SYSTEM_ROLE = 3;

/** A conversation of the editor as the service takes it. */
export function toRequestMessages(messages: readonly vscode.LanguageModelChatRequestMessage[]): {
  readonly system: string;
  readonly messages: readonly RequestMessage[];
} {
  const system = messages.filter(isSystem);
  const others = messages.filter((message) => !isSystem(message));
  return {
    system: system.map(({ content }) => textOf(content)).join('\n\n'),
    messages: others.map(({ role, content }) => ({
      role: role === vscode.LanguageModelChatMessageRole.Assistant ? 'assistant' : 'user',
      parts: resultsFirst(content.flatMap(toPart)),
    })),
  };
}

function isSystem({ role, name }: vscode.LanguageModelChatRequestMessage): boolean {
  return (role as number) === SYSTEM_ROLE || name === SYSTEM_NAME;
}

function textOf(content: readonly unknown[]): string {
  return content
    .flatMap((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : []))
    .join('');
}

/** The service wants the results of calls before anything else that the user says. */
function resultsFirst(parts: readonly RequestPart[]): readonly RequestPart[] {
  const isResult = ({ type }: RequestPart): boolean => type === 'tool-result';
  return [...parts.filter(isResult), ...parts.filter((part) => !isResult(part))];
}

function toPart(part: unknown): RequestPart[] {
  if (part instanceof vscode.LanguageModelTextPart) return [{ type: 'text', text: part.value }];
  if (part instanceof vscode.LanguageModelToolCallPart) {
    const { callId: id, name, input } = part;
    return [{ type: 'tool-call', id, name, input }];
  }
  if (part instanceof vscode.LanguageModelToolResultPart) {
    const { callId: id, content } = part;
    return [{ type: 'tool-result', id, content: content.flatMap(toPart), isError: isError(part) }];
  }
  if (part instanceof vscode.LanguageModelDataPart) return toDataPart(part);
  if (part instanceof vscode.LanguageModelPromptTsxPart) {
    return [{ type: 'text', text: JSON.stringify(part.value) }];
  }
  return [];
}

/** Not in the editor's public interface, but handed on by it. */
function isError(part: object): boolean {
  return 'isError' in part && part.isError === true;
}

function toDataPart(part: vscode.LanguageModelDataPart): RequestPart[] {
  const thinking = readPrivatePart(part, 'thinking');
  if (typeof thinking === 'object' && thinking !== null && 'block' in thinking) {
    return [{ type: 'thinking', block: thinking.block }];
  }
  if (isPrivatePart(part)) return [];
  if (part.mimeType.startsWith('image/')) {
    const base64 = Buffer.from(part.data).toString('base64');
    return [{ type: 'image', mimeType: part.mimeType, base64 }];
  }
  const isText = part.mimeType.startsWith('text/') || part.mimeType.endsWith('json');
  return isText ? [{ type: 'text', text: new TextDecoder().decode(part.data) }] : [];
}

/**
 * Whether the model may think in its next answer. In the middle of a round of tool calls the service wants the thoughts
 * before them back, which chats of other extensions do not keep.
 */
export function mayThink(messages: readonly RequestMessage[]): boolean {
  const last = messages.findLastIndex(
    ({ role, parts }) => role === 'user' && !parts.some(({ type }) => type === 'tool-result'),
  );
  return messages
    .slice(last + 1)
    .filter(({ role, parts }) => role === 'assistant' && parts.some(isCall))
    .every(({ parts }) => parts.some(({ type }) => type === 'thinking'));
}

function isCall({ type }: RequestPart): boolean {
  return type === 'tool-call';
}
