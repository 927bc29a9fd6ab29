import { BaseAnthropic } from '@anthropic-ai/sdk/client';
import { APIUserAbortError } from '@anthropic-ai/sdk/core/error';
import { Messages } from '@anthropic-ai/sdk/resources/messages';
import { Models, type ModelInfo } from '@anthropic-ai/sdk/resources/models';
import { AnswerReader } from './answerReader.ts';
import { failureOf } from './failure.ts';
import { requestBody } from './requestBody.ts';
import type {
  AnswerPart,
  EndpointFailure,
  EndpointModel,
  EndpointOptions,
  EndpointRequest,
  ThinkingKind,
} from './types.ts';

/** For a service that does not say. */
const USUAL_INPUT_TOKENS = 200_000;
const USUAL_OUTPUT_TOKENS = 8192;
const MAX_RETRIES = 4;
/** A model may think for minutes before its first word, but the connection says that it is alive. */
const TIMEOUT_MS = 10 * 60 * 1000;
/** The library wants one; what stands for "none" is taken out of every request again. */
const NO_KEY = 'none';

/** The models of one service. Needs no closing. */
export interface Endpoint {
  /** @throws what {@link describeFailure} understands. */
  listModels(signal?: AbortSignal): Promise<EndpointModel[]>;
  /** The answer, part by part. @throws what {@link describeFailure} understands. */
  answer(request: EndpointRequest, signal: AbortSignal): AsyncIterable<AnswerPart>;
}

export const describeFailure = (error: unknown): EndpointFailure => failureOf(error);

export function openEndpoint(options: EndpointOptions): Endpoint {
  const client = new BaseAnthropic({
    baseURL: options.baseUrl,
    apiKey: options.apiKey ?? NO_KEY,
    maxRetries: options.maxRetries ?? MAX_RETRIES,
    timeout: TIMEOUT_MS,
    // Prompts go to the service and nowhere else.
    openTelemetry: false,
    logLevel: 'off',
    fetch: ownFetch(options.apiKey),
  });
  const messages = new Messages(client);
  const models = new Models(client);
  return {
    listModels: async (signal) => {
      const found: EndpointModel[] = [];
      for await (const info of models.list({ limit: 100 }, { signal: signal ?? null })) {
        found.push(modelOf(info));
      }
      return found;
    },
    answer: (request, signal) => readAnswer(messages, request, signal),
  };
}

async function* readAnswer(
  messages: Messages,
  request: EndpointRequest,
  signal: AbortSignal,
): AsyncGenerator<AnswerPart> {
  const reader = new AnswerReader();
  const stream = await messages.create(requestBody(request), { signal });
  for await (const event of stream) yield* reader.read(event);
  if (signal.aborted) throw new APIUserAbortError();
  if (!reader.isOver) throw new TypeError('the connection broke off in the middle of the answer');
}

/**
 * The library also reads headers from the environment, which are meant for another program's service; they are left out.
 * Services differ in where they look for a key, so it is in both places.
 */
function ownFetch(apiKey: string | undefined): typeof fetch {
  const foreign = (process.env['ANTHROPIC_CUSTOM_HEADERS'] ?? '')
    .split('\n')
    .map((line) => line.slice(0, Math.max(0, line.indexOf(':'))).trim())
    .filter((name) => name !== '');
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    for (const name of foreign) headers.delete(name);
    headers.delete('authorization');
    headers.delete('x-api-key');
    if (apiKey !== undefined) {
      headers.set('x-api-key', apiKey);
      headers.set('authorization', `Bearer ${apiKey}`);
    }
    return fetch(input, { ...init, headers });
  };
}

function modelOf(info: Partial<ModelInfo> & Pick<ModelInfo, 'id'>): EndpointModel {
  const { capabilities } = info;
  return {
    id: info.id,
    name: info.display_name ?? info.id,
    maxInputTokens: info.max_input_tokens ?? USUAL_INPUT_TOKENS,
    maxOutputTokens: info.max_tokens ?? USUAL_OUTPUT_TOKENS,
    acceptsImages: capabilities?.image_input.supported ?? false,
    thinking: thinkingOf(capabilities),
  };
}

function thinkingOf(capabilities: ModelInfo['capabilities'] | undefined): ThinkingKind {
  const types = capabilities?.thinking.types;
  if (types?.adaptive.supported === true) return 'adaptive';
  return types?.enabled.supported === true ? 'budget' : 'none';
}

/** A model that the user has named and the service has not described. */
export function namedModel(id: string): EndpointModel {
  return modelOf({ id });
}
