import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import type { AnswerPart } from './types.ts';

/** A block of the answer that has begun and has not ended. */
type OpenBlock =
  | { readonly type: 'thinking'; text: string; signature: string }
  | { readonly type: 'redacted_thinking'; readonly data: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; json: string };

type EndReason = Extract<AnswerPart, { type: 'end' }>['reason'];

/** Makes parts of the events of one answer; text at once, all else when it is whole. */
export class AnswerReader {
  readonly #open = new Map<number, OpenBlock>();
  #inputTokens = 0;
  #outputTokens = 0;
  #cachedTokens = 0;
  #reason: EndReason = 'complete';
  #isOver = false;

  /** Whether the service has said that this was all. */
  get isOver(): boolean {
    return this.#isOver;
  }

  read(event: RawMessageStreamEvent): AnswerPart[] {
    switch (event.type) {
      case 'message_start':
        this.#countInput(event.message.usage);
        return [];
      case 'content_block_start':
        return this.#begin(event);
      case 'content_block_delta':
        return this.#add(event);
      case 'content_block_stop':
        return this.#finish(event.index);
      case 'message_delta':
        this.#reason = reasonOf(event.delta.stop_reason);
        this.#outputTokens = event.usage.output_tokens;
        return [];
      case 'message_stop':
        this.#isOver = true;
        return [this.#end()];
      default:
        // Newer services send kinds that this library does not know.
        return [];
    }
  }

  #begin({
    index,
    content_block: block,
  }: Extract<RawMessageStreamEvent, { type: 'content_block_start' }>): AnswerPart[] {
    switch (block.type) {
      case 'text':
        return block.text === '' ? [] : [{ type: 'text', text: block.text }];
      case 'thinking':
        this.#open.set(index, {
          type: 'thinking',
          text: block.thinking,
          signature: block.signature,
        });
        return [];
      case 'redacted_thinking':
        this.#open.set(index, { type: 'redacted_thinking', data: block.data });
        return [];
      case 'tool_use':
        this.#open.set(index, { type: 'tool_use', id: block.id, name: block.name, json: '' });
        return [];
      default:
        return [];
    }
  }

  #add({
    index,
    delta,
  }: Extract<RawMessageStreamEvent, { type: 'content_block_delta' }>): AnswerPart[] {
    const block = this.#open.get(index);
    if (delta.type === 'text_delta') return [{ type: 'text', text: delta.text }];
    if (delta.type === 'input_json_delta' && block?.type === 'tool_use') {
      block.json += delta.partial_json;
    }
    if (block?.type === 'thinking') {
      if (delta.type === 'thinking_delta') block.text += delta.thinking;
      if (delta.type === 'signature_delta') block.signature += delta.signature;
    }
    return [];
  }

  #finish(index: number): AnswerPart[] {
    const block = this.#open.get(index);
    this.#open.delete(index);
    switch (block?.type) {
      case undefined:
        return [];
      case 'thinking': {
        const { text, signature } = block;
        return [{ type: 'thinking', text, block: { type: 'thinking', thinking: text, signature } }];
      }
      case 'redacted_thinking':
        return [{ type: 'thinking', text: '', block }];
      case 'tool_use':
        return [{ type: 'tool-call', id: block.id, name: block.name, input: inputOf(block.json) }];
    }
  }

  #countInput(usage: {
    readonly input_tokens: number;
    readonly cache_read_input_tokens?: number | null;
    readonly cache_creation_input_tokens?: number | null;
  }): void {
    this.#cachedTokens = usage.cache_read_input_tokens ?? 0;
    this.#inputTokens =
      usage.input_tokens + this.#cachedTokens + (usage.cache_creation_input_tokens ?? 0);
  }

  #end(): AnswerPart {
    return {
      type: 'end',
      reason: this.#reason,
      inputTokens: this.#inputTokens,
      outputTokens: this.#outputTokens,
      cachedTokens: this.#cachedTokens,
    };
  }
}

function reasonOf(reason: string | null): EndReason {
  switch (reason) {
    case 'tool_use':
      return 'tool-calls';
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'refusal':
      return 'refused';
    default:
      return 'complete';
  }
}

/** An input that is cut off by the output limit is no JSON; the tool then says what it misses. */
function inputOf(json: string): object {
  try {
    const input: unknown = JSON.parse(json === '' ? '{}' : json);
    return typeof input === 'object' && input !== null ? input : {};
  } catch {
    return {};
  }
}
