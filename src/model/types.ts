/** A service that speaks the Messages API. */
export interface EndpointOptions {
  readonly baseUrl: string;
  /** Undefined for services that want none. */
  readonly apiKey: string | undefined;
  /** How often a request that failed before its answer began is made again. */
  readonly maxRetries?: number;
}

/** How a model can be asked to think. */
export type ThinkingKind = 'adaptive' | 'budget' | 'none';

/** A model that an endpoint offers. */
export interface EndpointModel {
  readonly id: string;
  readonly name: string;
  readonly maxInputTokens: number;
  readonly maxOutputTokens: number;
  readonly acceptsImages: boolean;
  readonly thinking: ThinkingKind;
}

export type RequestPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly mimeType: string; readonly base64: string }
  /** As the endpoint gave it; goes back unchanged. */
  | { readonly type: 'thinking'; readonly block: unknown }
  | {
      readonly type: 'tool-call';
      readonly id: string;
      readonly name: string;
      readonly input: unknown;
    }
  | {
      readonly type: 'tool-result';
      readonly id: string;
      readonly content: readonly RequestPart[];
      readonly isError: boolean;
    };

export interface RequestMessage {
  readonly role: 'user' | 'assistant';
  readonly parts: readonly RequestPart[];
}

export interface RequestTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: object;
}

export interface EndpointRequest {
  readonly model: string;
  readonly system: string;
  readonly messages: readonly RequestMessage[];
  readonly tools: readonly RequestTool[];
  /** Whether it has to call a tool. */
  readonly mustCallTool?: boolean;
  readonly maxOutputTokens: number;
  /** Undefined: the model does not think aloud. */
  readonly thinking?:
    { readonly kind: 'adaptive' } | { readonly kind: 'budget'; readonly tokens: number };
}

/** What an answer is made of, as it comes. */
export type AnswerPart =
  | { readonly type: 'text'; readonly text: string }
  /** Whole, when it is over; `block` has to go back with the conversation. */
  | { readonly type: 'thinking'; readonly text: string; readonly block: unknown }
  /** Whole, with its input parsed. */
  | {
      readonly type: 'tool-call';
      readonly id: string;
      readonly name: string;
      readonly input: object;
    }
  | {
      readonly type: 'end';
      readonly reason: 'complete' | 'tool-calls' | 'length' | 'refused';
      readonly inputTokens: number;
      readonly outputTokens: number;
      /** Of the input, what the service had kept from an earlier request. */
      readonly cachedTokens: number;
    };

export type EndpointFailureKind =
  | 'unavailable'
  | 'quota'
  | 'network'
  | 'tooLong'
  | 'overloaded'
  | 'blocked'
  | 'auth'
  | 'cancelled'
  | 'unknown';

/** Why there is no answer, or only a part of one. */
export interface EndpointFailure {
  readonly kind: EndpointFailureKind;
  readonly message: string;
  readonly retryAfterMs?: number;
}
