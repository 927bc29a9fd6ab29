import * as vscode from 'vscode';
import type { Log } from '../../core/common/log.ts';
import type { AnswerPart, EndpointModel, EndpointRequest } from '../../model/types.ts';
import { loadEndpointCode } from './endpoint.ts';
import type { ModelKeys } from './modelKeys.ts';
import type { ModelList } from './modelList.ts';
import { readModelSettings, type ModelSettings } from './modelSettings.ts';
import { privatePart } from './privateParts.ts';
import { mayThink, toRequestMessages } from './requestMessages.ts';

/** A longer answer is rather a mistake; the model goes on when it is asked to. */
const MAX_OUTPUT_TOKENS = 32_000;
/** The least that the service takes as a budget. */
const MIN_THINKING_TOKENS = 1024;
/** Counting is done on the safe side, and without asking the service. */
const CHARS_PER_TOKEN = 3;
const IMAGE_TOKENS = 1600;

/** A model as the editor lists it, with what we know of it. */
export interface OfferedModel extends vscode.LanguageModelChatInformation {
  readonly endpointModel: EndpointModel;
}

type Progress = vscode.Progress<vscode.LanguageModelResponsePart>;

/** Answers the editor's requests with the models of the service that the settings name. */
export class ModelProvider {
  readonly #list: ModelList;
  readonly #keys: ModelKeys;
  readonly #log: Log;

  constructor(list: ModelList, keys: ModelKeys, log: Log) {
    this.#list = list;
    this.#keys = keys;
    this.#log = log;
  }

  async models(): Promise<OfferedModel[]> {
    const settings = readModelSettings();
    const models = await this.#list.list(settings);
    return models.map((model) => offer(model, settings));
  }

  /** @throws what went wrong, in the service's words; a part of the answer that only we read says what kind it is. */
  async answer(
    model: OfferedModel,
    messages: readonly vscode.LanguageModelChatRequestMessage[],
    options: vscode.ProvideLanguageModelChatResponseOptions,
    { progress, token }: { progress: Progress; token: vscode.CancellationToken },
  ): Promise<void> {
    const settings = readModelSettings();
    const { openEndpoint, describeFailure } = await loadEndpointCode();
    const apiKey = await this.#keys.get(settings.baseUrl);
    const endpoint = openEndpoint({ baseUrl: settings.baseUrl, apiKey });
    const aborter = new AbortController();
    const cancelling = token.onCancellationRequested(() => {
      aborter.abort();
    });
    const startedAtMs = performance.now();
    try {
      const request = requestFor(
        model.endpointModel,
        toRequestMessages(messages),
        options,
        settings,
      );
      for await (const part of endpoint.answer(request, aborter.signal)) {
        progress.report(toResponsePart(part));
        if (part.type === 'end') this.#logEnd(part, startedAtMs);
      }
    } catch (error) {
      const failure = describeFailure(error);
      if (failure.kind === 'cancelled') throw new vscode.CancellationError();
      this.#log.warn('model.failed', { kind: failure.kind });
      progress.report(privatePart('failure', failure));
      throw errorFor(failure.kind, failure.message);
    } finally {
      cancelling.dispose();
    }
  }

  /** What was said is none of the log's business. */
  #logEnd(end: Extract<AnswerPart, { type: 'end' }>, startedAtMs: number): void {
    const { reason, inputTokens, outputTokens, cachedTokens } = end;
    const durationMs = Math.round(performance.now() - startedAtMs);
    this.#log.info('model.answered', {
      reason,
      inputTokens,
      outputTokens,
      cachedTokens,
      durationMs,
    });
  }
}

export function countTokens(text: string | vscode.LanguageModelChatRequestMessage): number {
  if (typeof text === 'string') return Math.ceil(text.length / CHARS_PER_TOKEN);
  return text.content.map(countPart).reduce((sum, count) => sum + count, 4);
}

function countPart(part: unknown): number {
  if (part instanceof vscode.LanguageModelTextPart) return countTokens(part.value);
  if (part instanceof vscode.LanguageModelToolResultPart) {
    return part.content.map(countPart).reduce((sum, count) => sum + count, 8);
  }
  if (part instanceof vscode.LanguageModelDataPart) {
    return part.mimeType.startsWith('image/')
      ? IMAGE_TOKENS
      : Math.ceil(part.data.length / CHARS_PER_TOKEN);
  }
  return countTokens(JSON.stringify(part));
}

function offer(model: EndpointModel, { baseUrl }: ModelSettings): OfferedModel {
  const { hostname } = new URL(baseUrl);
  return {
    id: model.id,
    name: model.name,
    family: model.id.replace(/-\d{8}$/, ''),
    version: model.id,
    detail: hostname,
    tooltip: `${model.id} by ${hostname}, through Holdfast`,
    maxInputTokens: model.maxInputTokens - Math.min(model.maxOutputTokens, MAX_OUTPUT_TOKENS),
    maxOutputTokens: Math.min(model.maxOutputTokens, MAX_OUTPUT_TOKENS),
    capabilities: { toolCalling: true, imageInput: model.acceptsImages },
    endpointModel: model,
  };
}

function requestFor(
  model: EndpointModel,
  { system, messages }: ReturnType<typeof toRequestMessages>,
  { tools = [], toolMode }: vscode.ProvideLanguageModelChatResponseOptions,
  { thinkingTokens }: ModelSettings,
): EndpointRequest {
  const maxOutputTokens = Math.min(model.maxOutputTokens, MAX_OUTPUT_TOKENS);
  const canThink = thinkingTokens > 0 && model.thinking !== 'none' && mayThink(messages);
  const most = Math.floor(maxOutputTokens / 2);
  const tokens = Math.max(MIN_THINKING_TOKENS, Math.min(thinkingTokens, most));
  return {
    model: model.id,
    system,
    messages,
    tools: tools.map(({ name, description, inputSchema }) => ({
      name,
      description,
      inputSchema: inputSchema ?? { type: 'object', properties: {} },
    })),
    mustCallTool: toolMode === vscode.LanguageModelChatToolMode.Required,
    maxOutputTokens,
    ...(canThink
      ? {
          thinking:
            model.thinking === 'adaptive' ? { kind: 'adaptive' } : { kind: 'budget', tokens },
        }
      : {}),
  };
}

function toResponsePart(part: AnswerPart): vscode.LanguageModelResponsePart {
  switch (part.type) {
    case 'text':
      return new vscode.LanguageModelTextPart(part.text);
    case 'tool-call':
      return new vscode.LanguageModelToolCallPart(part.id, part.name, part.input);
    case 'thinking':
      return privatePart('thinking', { text: part.text, block: part.block });
    case 'end':
      return privatePart('end', part);
  }
}

/** In the kinds that the editor knows, for chats of other extensions. */
function errorFor(kind: string, message: string): Error {
  switch (kind) {
    case 'auth':
      return vscode.LanguageModelError.NoPermissions(message);
    case 'quota':
    case 'blocked':
      return vscode.LanguageModelError.Blocked(message);
    case 'unavailable':
      return vscode.LanguageModelError.NotFound(message);
    default:
      return new Error(message);
  }
}
