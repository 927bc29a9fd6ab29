import type { ObjectSchema } from '../tools/tool.ts';

/** A language model, however it is reached. */
export interface ConversationModel {
  /** Tells whose thinking may be handed back to it. */
  readonly id: string;
  readonly name: string;
  readonly maxInputTokens: number;
  /** Asked now and then, when a history comes near to what the model takes; estimated otherwise. */
  countTokens?(text: string, signal: AbortSignal): Promise<number>;
  /** What goes wrong comes as the last part, `failed`. */
  stream(request: ModelRequest): AsyncIterable<StreamPart>;
}

export interface ModelRequest {
  readonly system: string;
  /** Alternating, the first and the last by the user; see pairing.ts for what holds. */
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ModelTool[];
  readonly signal: AbortSignal;
}

export interface ModelTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
}

export interface ModelMessage {
  readonly role: 'user' | 'assistant';
  readonly parts: readonly ModelPart[];
}

export type ModelPart = TextModelPart | ThinkingModelPart | CallModelPart | ResultModelPart;

export interface TextModelPart {
  readonly type: 'text';
  readonly text: string;
}

export interface ThinkingModelPart {
  readonly type: 'thinking';
  readonly text: string;
  /** What the provider wants back as it gave it: a signature, redacted data. */
  readonly opaque: unknown;
}

export interface CallModelPart {
  readonly type: 'tool-call';
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface ResultModelPart {
  readonly type: 'tool-result';
  readonly id: string;
  readonly output: string;
  readonly isError: boolean;
}

/** What a model says, as it comes. */
export type StreamPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly text: string; readonly opaque?: unknown }
  /** Whole, with all of its input. */
  | {
      readonly type: 'tool-call';
      readonly id: string;
      readonly name: string;
      readonly input: unknown;
    }
  | {
      readonly type: 'end';
      readonly reason: 'complete' | 'tool-calls' | 'length' | 'refused';
      readonly inputTokens?: number;
      readonly outputTokens?: number;
    }
  | { readonly type: 'failed'; readonly failure: ModelFailure };

export type ModelFailureKind =
  | 'unavailable'
  | 'quota'
  | 'consent'
  | 'network'
  | 'tooLong'
  | 'overloaded'
  | 'blocked'
  | 'auth'
  | 'cancelled'
  | 'unknown';

/** Why a model gave no answer, or only a part of one. */
export interface ModelFailure {
  readonly kind: ModelFailureKind;
  /** In the provider's words. */
  readonly message: string;
  readonly retryAfterMs?: number;
}
