import { randomBytes } from 'node:crypto';

/** The part of a request to the Messages API that decides about its answer. */
export interface MessagesRequest {
  readonly model?: string;
  readonly stream?: boolean;
  readonly system?: unknown;
  readonly tools?: readonly { readonly name?: string }[];
  readonly messages: readonly { readonly role: string; readonly content: string | Block[] }[];
}

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly tool_use_id?: string;
  readonly content?: string | readonly Block[];
}

export interface Answer {
  readonly id: string;
  readonly type: 'message';
  readonly role: 'assistant';
  readonly model: string;
  readonly content: readonly (TextBlock | ToolUseBlock)[];
  readonly stop_reason: 'end_turn' | 'tool_use';
  readonly stop_sequence: null;
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number };
}

interface TextBlock {
  readonly type: 'text';
  readonly text: string;
}

interface ToolUseBlock {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

/**
 * The next tool call that the latest prompt asks for, or "done". `$TASK` in a call stands for the id of the background
 * task that an earlier result of the conversation named.
 */
export function answerTo(request: MessagesRequest): Answer {
  const call = request.tools?.length ? nextCall(request) : undefined;
  return {
    id: `msg_${randomBytes(8).toString('hex')}`,
    type: 'message',
    role: 'assistant',
    model: request.model ?? 'stand-in',
    content: [call ?? { type: 'text', text: 'done' }],
    stop_reason: call === undefined ? 'end_turn' : 'tool_use',
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 5 },
  };
}

function nextCall({ messages }: MessagesRequest): ToolUseBlock | undefined {
  const at = messages.findLastIndex(({ content }) => callsIn(content).length > 0);
  if (at === -1 || messages.slice(at + 1).some(isLastWord)) return undefined;
  const results = messages
    .slice(at + 1)
    .flatMap(({ content }) => (typeof content === 'string' ? [] : content))
    .filter(({ type }) => type === 'tool_result');
  const call = callsIn(messages[at]?.content ?? '')[results.length];
  if (call === undefined) return undefined;
  const [, name = '', input = '{}'] = call;
  const task = /running in background with ID: (\w+)/.exec(JSON.stringify(messages))?.[1];
  return {
    type: 'tool_use',
    id: `toolu_${randomBytes(12).toString('hex')}`,
    name,
    input: JSON.parse(input.replaceAll('$TASK', task ?? '')) as unknown,
  };
}

/** An answer without a call: what was asked for before it is done. */
function isLastWord({ role, content }: MessagesRequest['messages'][number]): boolean {
  if (role !== 'assistant') return false;
  return typeof content === 'string' || content.every(({ type }) => type !== 'tool_use');
}

/** Of what the user wrote; a tool's result may well print such a line. */
function callsIn(content: string | Block[]): RegExpExecArray[] {
  const texts = typeof content === 'string' ? [content] : content.map((block) => block.text ?? '');
  return [...texts.join('\n').matchAll(/^@@(\S+) (.*)$/gm)];
}

export function toolResultsIn(requests: readonly MessagesRequest[]): string[] {
  const results = requests
    .flatMap(({ messages }) => messages)
    .flatMap(({ content }) => (typeof content === 'string' ? [] : content))
    .filter(({ type }) => type === 'tool_result');
  return [...new Map(results.map((block) => [block.tool_use_id, textOf(block)])).values()];
}

function textOf({ content = '' }: Block): string {
  return typeof content === 'string' ? content : content.map(({ text }) => text ?? '').join('\n');
}
