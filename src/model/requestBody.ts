import type {
  ContentBlockParam,
  ImageBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  TextBlockParam,
  Tool,
  ToolResultBlockParam,
} from '@anthropic-ai/sdk/resources/messages';
import type { EndpointRequest, RequestMessage, RequestPart, RequestTool } from './types.ts';

const EPHEMERAL = { type: 'ephemeral' } as const;
/** What is asked again with the next request is worth keeping: one mark each here, two for system and tools. */
const CACHED_MESSAGES = 2;

type ThinkingBlockParam = Extract<ContentBlockParam, { type: 'thinking' | 'redacted_thinking' }>;
type ImageType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';

/** A request as the Messages API takes it, marked for its prompt cache. */
export function requestBody(request: EndpointRequest): MessageCreateParamsStreaming {
  const { system, tools, thinking, mustCallTool } = request;
  return {
    model: request.model,
    max_tokens: request.maxOutputTokens,
    stream: true,
    messages: messagesOf(request.messages),
    ...(system === ''
      ? {}
      : { system: [{ type: 'text', text: system, cache_control: EPHEMERAL }] }),
    ...(tools.length === 0 ? {} : { tools: tools.map(toolOf) }),
    ...(mustCallTool === true ? { tool_choice: { type: 'any' } } : {}),
    ...(thinking === undefined || mustCallTool === true ? {} : { thinking: thinkingOf(thinking) }),
  };
}

function thinkingOf(
  thinking: NonNullable<EndpointRequest['thinking']>,
): NonNullable<MessageCreateParamsStreaming['thinking']> {
  return thinking.kind === 'adaptive'
    ? { type: 'adaptive' }
    : { type: 'enabled', budget_tokens: thinking.tokens };
}

function toolOf(
  { name, description, inputSchema }: RequestTool,
  at: number,
  all: readonly RequestTool[],
): Tool {
  return {
    name,
    description,
    input_schema: { ...inputSchema, type: 'object' },
    ...(at === all.length - 1 ? { cache_control: EPHEMERAL } : {}),
  };
}

function messagesOf(messages: readonly RequestMessage[]): MessageParam[] {
  const merged: { role: 'user' | 'assistant'; content: ContentBlockParam[] }[] = [];
  for (const { role, parts } of messages) {
    const content = parts.flatMap(blockOf);
    if (content.length === 0) continue;
    const last = merged.at(-1);
    // The service wants the two to take turns.
    if (last?.role === role) last.content.push(...content);
    else merged.push({ role, content });
  }
  for (const { content } of merged.filter(({ role }) => role === 'user').slice(-CACHED_MESSAGES)) {
    markLast(content);
  }
  return merged;
}

function markLast(content: ContentBlockParam[]): void {
  const last = content.at(-1);
  if (last?.type === 'text' || last?.type === 'image' || last?.type === 'tool_result') {
    last.cache_control = EPHEMERAL;
  }
}

function blockOf(part: RequestPart): ContentBlockParam[] {
  switch (part.type) {
    case 'text':
      return textOf(part.text);
    case 'image':
      return [imageOf(part.mimeType, part.base64)];
    case 'thinking':
      return isThinkingBlock(part.block) ? [part.block] : [];
    case 'tool-call':
      return [{ type: 'tool_use', id: part.id, name: part.name, input: part.input ?? {} }];
    case 'tool-result':
      return [resultOf(part)];
  }
}

function resultOf({
  id,
  content,
  isError,
}: Extract<RequestPart, { type: 'tool-result' }>): ToolResultBlockParam {
  const blocks = content.flatMap((part): (TextBlockParam | ImageBlockParam)[] => {
    if (part.type === 'text') return textOf(part.text);
    return part.type === 'image' ? [imageOf(part.mimeType, part.base64)] : [];
  });
  return {
    type: 'tool_result',
    tool_use_id: id,
    ...(blocks.length === 0 ? {} : { content: blocks }),
    ...(isError ? { is_error: true } : {}),
  };
}

/** Empty texts are refused. */
function textOf(text: string): TextBlockParam[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }];
}

function imageOf(mimeType: string, data: string): ImageBlockParam {
  return { type: 'image', source: { type: 'base64', media_type: mimeType as ImageType, data } };
}

function isThinkingBlock(block: unknown): block is ThinkingBlockParam {
  if (typeof block !== 'object' || block === null || !('type' in block)) return false;
  return block.type === 'thinking' || block.type === 'redacted_thinking';
}
