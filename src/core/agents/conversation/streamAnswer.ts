import type { MessagePart } from '../../sessions/journalLines.ts';
import type { Conversation } from './conversation.ts';
import type { ConversationModel, ModelFailure, ModelRequest, StreamPart } from './model.ts';
import { failureOf } from './modelFailure.ts';
import { untilAborted } from './untilAborted.ts';

/** A killed window loses no more of an answer than what came in this time. */
const WRITE_EVERY_MS = 1000;

/** A tool that the model wants to call. */
export interface WantedCall {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

export type Answer =
  | {
      readonly kind: 'answered';
      readonly calls: readonly WantedCall[];
      readonly reason: 'complete' | 'length' | 'refused';
    }
  | { readonly kind: 'failed'; readonly failure: ModelFailure; readonly hasBegun: boolean }
  | { readonly kind: 'cancelled' };

export type OnAnswerPart = (part: {
  readonly type: 'text' | 'thinking';
  readonly text: string;
}) => void;

/**
 * Gets one answer of a model into the journal: its text as it comes, its calls before anybody makes them. Of an answer
 * that breaks off the text stays; calls that nobody made are not written.
 */
export async function streamAnswer(
  conversation: Conversation,
  model: ConversationModel,
  request: ModelRequest,
  onPart: OnAnswerPart,
): Promise<Answer> {
  const draft = new Draft(conversation, model);
  const { signal } = request;
  try {
    for await (const part of untilAborted(model.stream(request), signal)) {
      if (part.type === 'failed') {
        draft.breakOff(signal.aborted ? 'cancelled' : part.failure.kind);
        if (signal.aborted) return { kind: 'cancelled' };
        return { kind: 'failed', failure: part.failure, hasBegun: draft.hasBegun };
      }
      draft.take(part);
      if (part.type === 'text' || part.type === 'thinking') onPart(part);
    }
  } catch (error) {
    draft.breakOff(signal.aborted ? 'cancelled' : 'unknown');
    if (signal.aborted) return { kind: 'cancelled' };
    conversation.host.log.warn('chat.modelThrew', { model: model.id, error });
    return { kind: 'failed', failure: failureOf(error), hasBegun: draft.hasBegun };
  }
  if (signal.aborted) {
    draft.breakOff('cancelled');
    return { kind: 'cancelled' };
  }
  return draft.finish();
}

/** An answer that is coming. */
class Draft {
  readonly #conversation: Conversation;
  readonly #model: ConversationModel;
  #parts: MessagePart[] = [];
  #calls: WantedCall[] = [];
  #reason: 'complete' | 'length' | 'refused' = 'complete';
  /** Some of it is in the journal already. */
  #isContinued = false;
  /** Set as long as there is text that is to be written, even if nothing comes after it for minutes. */
  #writing: NodeJS.Timeout | undefined;
  hasBegun = false;

  constructor(conversation: Conversation, model: ConversationModel) {
    this.#conversation = conversation;
    this.#model = model;
  }

  take(part: Exclude<StreamPart, { type: 'failed' }>): void {
    if (part.type === 'end') {
      if (part.reason === 'length' || part.reason === 'refused') this.#reason = part.reason;
      return;
    }
    this.hasBegun = true;
    if (part.type === 'tool-call') {
      this.#calls.push({ ...part, id: this.#uniqueId(part.id) });
      return;
    }
    this.#addText(part);
    this.#writing ??= setTimeout(() => {
      this.#writeSoFar();
    }, WRITE_EVERY_MS);
  }

  breakOff(why: string): void {
    clearTimeout(this.#writing);
    this.#calls = [];
    this.#writeEnd({ brokenOff: why });
  }

  finish(): Answer {
    clearTimeout(this.#writing);
    for (const { id, name, input } of this.#calls) {
      this.#parts.push({ type: 'tool-call', id, name, input });
    }
    this.#writeEnd();
    return { kind: 'answered', calls: this.#calls, reason: this.#reason };
  }

  #addText(part: Extract<StreamPart, { type: 'text' | 'thinking' }>): void {
    const last = this.#parts.at(-1);
    const isSame = last?.type === part.type && last['opaque'] === undefined;
    const text = isSame ? `${String(last['text'])}${part.text}` : part.text;
    const opaque = part.type === 'thinking' ? part.opaque : undefined;
    const whole = { type: part.type, text, ...(opaque !== undefined && { opaque }) };
    if (isSame) this.#parts[this.#parts.length - 1] = whole;
    else this.#parts.push(whole);
  }

  #writeSoFar(): void {
    this.#writing = undefined;
    // Thinking is only of use to its model whole, and calls must stay behind all text.
    if (this.#calls.length > 0 || this.#parts.at(-1)?.type !== 'text') return;
    try {
      this.#write({ unfinished: true });
    } catch (error) {
      // What could not be written is kept, and the end of the answer tells of it.
      this.#conversation.host.log.warn('chat.answerNotWritten', { error });
    }
  }

  /** Says that nothing more comes, also where all of it is written. */
  #writeEnd(more: object = {}): void {
    if (this.#parts.length > 0 || this.#isContinued) this.#write(more);
  }

  #write(more: object): void {
    this.#conversation.say({
      role: 'assistant',
      parts: this.#parts,
      model: this.#model.id,
      ...(this.#isContinued && { continues: true }),
      ...more,
    });
    this.#parts = [];
    this.#isContinued = true;
  }

  /** Some providers number the calls of each answer anew. */
  #uniqueId(wanted: string): string {
    const base = wanted === '' ? 'call' : wanted;
    const isUsed = (id: string): boolean =>
      this.#conversation.usedCallIds().has(id) || this.#calls.some((call) => call.id === id);
    let id = base;
    for (let number = 2; isUsed(id); number += 1) id = `${base}_${number}`;
    return id;
  }
}
