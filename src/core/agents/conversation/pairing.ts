import {
  isTextPart,
  isToolCallPart,
  isToolResultPart,
  type ToolCallPart,
  type ToolResultPart,
} from '../../sessions/journalLines.ts';
import type { HistoryEntry } from './history.ts';
import { isThinkingPart } from './journalParts.ts';
import type { ModelMessage, ModelPart } from './model.ts';

export const INTERRUPTED =
  'Interrupted: the session broke off before this call had a result. It may have had effects; look before you repeat it.';
const BEGINNING = '(The conversation begins here.)';

/** A call, and its result if it has one. */
export interface PairedCall {
  readonly call: ToolCallPart;
  readonly callIndex: number;
  result: ToolResultPart | undefined;
  resultIndex: number | undefined;
}

/**
 * Finds the result of each call, in the order of the calls. Providers use an id again in later answers, so a result
 * belongs to the latest answer that has an open call of its id.
 */
export function pairCalls(entries: readonly HistoryEntry[]): PairedCall[] {
  const pairs: PairedCall[] = [];
  const open = new Map<string, PairedCall[]>();
  for (const [index, { parts }] of entries.entries()) {
    for (const part of parts) {
      if (isToolCallPart(part)) {
        const pair: PairedCall = {
          call: part,
          callIndex: index,
          result: undefined,
          resultIndex: undefined,
        };
        pairs.push(pair);
        open.set(part.id, [...(open.get(part.id) ?? []), pair]);
      } else if (isToolResultPart(part)) {
        const waiting = open.get(part.id) ?? [];
        const latest = waiting.at(-1)?.callIndex;
        const pair = waiting.find(({ callIndex }) => callIndex === latest);
        if (pair === undefined) continue;
        pair.result = part;
        pair.resultIndex = index;
        open.set(
          part.id,
          waiting.filter((each) => each !== pair),
        );
      }
    }
  }
  return pairs;
}

export interface ViewOptions {
  /** Of the model that is asked: the thinking of others is left out. */
  readonly modelId: string;
  /** Longer texts and results are cut in the middle; in characters. */
  readonly maxPartChars?: number;
}

/**
 * A history as models take it, whatever broke off or was interleaved in it. What holds of the result: it begins with a
 * user's message; users and assistants alternate; right behind an assistant's calls stand their results, each once and
 * before anything else; ids are unique; no part is empty.
 */
export function toModelMessages(
  entries: readonly HistoryEntry[],
  options: ViewOptions,
  opening: readonly string[] = [],
): ModelMessage[] {
  const builder = new MessageBuilder(entries, options);
  for (const text of opening) builder.addUserText(text);
  for (const entry of entries) builder.add(entry);
  return builder.finish();
}

class MessageBuilder {
  readonly #messages: { role: ModelMessage['role']; parts: ModelPart[] }[] = [];
  readonly #options: ViewOptions;
  readonly #pairs = new Map<ToolCallPart, PairedCall>();
  readonly #usedIds = new Set<string>();
  /** Calls of the last message, whose results have to come next. */
  #waiting: { id: string; pair: PairedCall | undefined }[] = [];

  constructor(entries: readonly HistoryEntry[], options: ViewOptions) {
    this.#options = options;
    for (const pair of pairCalls(entries)) this.#pairs.set(pair.call, pair);
  }

  add(entry: HistoryEntry): void {
    if (entry.role === 'assistant') this.#addAnswer(entry);
    else if (entry.role !== 'tool') {
      for (const part of entry.parts) {
        if (!isTextPart(part) || part.text.trim() === '') continue;
        this.addUserText(entry.role === 'system' ? noteText(part.text) : part.text);
      }
    }
  }

  addUserText(text: string): void {
    if (text.trim() === '') return;
    this.#answerCalls();
    this.#push('user', { type: 'text', text: this.#cut(text) });
  }

  finish(): ModelMessage[] {
    this.#answerCalls();
    return this.#messages.filter(({ parts }) => parts.length > 0);
  }

  #addAnswer({ parts, model }: HistoryEntry): void {
    const said = parts.flatMap((part): ModelPart[] => {
      if (isTextPart(part) && part.text.trim() !== '') {
        return [{ type: 'text', text: this.#cut(part.text) }];
      }
      const isOwn = isThinkingPart(part) && model === this.#options.modelId;
      return isOwn && part.opaque !== undefined
        ? [{ type: 'thinking', text: part.text, opaque: part.opaque }]
        : [];
    });
    const calls = parts.filter(isToolCallPart);
    // What was only thought is no answer.
    if (calls.length === 0 && said.every(({ type }) => type === 'thinking')) return;
    this.#answerCalls();
    if (this.#messages.length === 0) this.#push('user', { type: 'text', text: BEGINNING });
    for (const part of said) this.#push('assistant', part);
    for (const call of calls) {
      const id = this.#uniqueId(call.id);
      this.#push('assistant', { type: 'tool-call', id, name: call.name, input: inputOf(call) });
      this.#waiting.push({ id, pair: this.#pairs.get(call) });
    }
  }

  #answerCalls(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { id, pair } of waiting) {
      const result = pair?.result;
      const output = result === undefined ? INTERRUPTED : this.#cut(outputText(result.output));
      const isError = result === undefined || result.isError === true;
      this.#push('user', { type: 'tool-result', id, output, isError });
    }
  }

  #push(role: ModelMessage['role'], part: ModelPart): void {
    const last = this.#messages.at(-1);
    if (last?.role === role) last.parts.push(part);
    else this.#messages.push({ role, parts: [part] });
  }

  #uniqueId(wanted: string): string {
    const base = wanted === '' ? 'call' : wanted;
    let id = base;
    for (let number = 2; this.#usedIds.has(id); number += 1) id = `${base}_${number}`;
    this.#usedIds.add(id);
    return id;
  }

  #cut(text: string): string {
    return cutMiddle(text, this.#options.maxPartChars ?? Number.POSITIVE_INFINITY);
  }
}

/** The beginning and the end of a text that is too long. */
export function cutMiddle(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const half = Math.max(0, Math.floor(maxChars / 2));
  const head = text.slice(0, half).replace(/[\uD800-\uDBFF]$/, '');
  const tail = half === 0 ? '' : text.slice(-half).replace(/^[\uDC00-\uDFFF]/, '');
  return `${head}\n[… ${text.length - head.length - tail.length} characters left out …]\n${tail}`;
}

/** Told apart from what the user says. */
export function noteText(text: string): string {
  return `<holdfast-note>\n${text}\n</holdfast-note>`;
}

export function outputText(output: unknown): string {
  const text = typeof output === 'string' ? output : JSON.stringify(output ?? null);
  return text.trim() === '' ? '(no output)' : text;
}

function inputOf({ input }: ToolCallPart): Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null && !Array.isArray(input)
    ? (input as Record<string, unknown>)
    : { value: input ?? null };
}
