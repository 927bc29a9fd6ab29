import { isTextPart } from '../../sessions/journalLines.ts';
import { chooseCut } from './chooseCut.ts';
import type { Conversation } from './conversation.ts';
import type { HistoryEntry } from './history.ts';
import type { ConversationModel, ModelFailure, ModelMessage, ModelTool } from './model.ts';
import { cutMiddle, noteText, toModelMessages } from './pairing.ts';
import { summarise } from './summarise.ts';
import { calibrate, estimateEntry, estimateMessages, estimateTokens } from './tokens.ts';

/** Of the window: what we use of it, since estimates err; what stays as it is when the rest is summarised. */
const USED = 0.9;
const KEPT = 0.35;
/** From here on it is worth asking the model's own counter. */
const WORTH_COUNTING = 0.5;
/** How much of what was too long is sent the next time. */
const REFUSED_SHARE = 0.5;
/** Of models that do not tell. */
const USUAL_WINDOW_TOKENS = 64_000;
const MAX_SUMMARIES = 4;
const MAX_REQUEST_CHARS = 4000;
const MIN_PART_CHARS = 500;

export interface FitRequest {
  readonly conversation: Conversation;
  readonly model: ConversationModel;
  readonly system: string;
  readonly tools: readonly ModelTool[];
  readonly signal: AbortSignal;
  /** The model has said that what it got was too long: it takes less than it told. */
  readonly wasTooLong: boolean;
  readonly onSummarising: () => void;
  readonly onSummarised: (messageCount: number) => void;
}

export type FitOutcome =
  | { readonly kind: 'fits'; readonly messages: readonly ModelMessage[] }
  | { readonly kind: 'failed'; readonly failure: ModelFailure }
  | { readonly kind: 'cancelled' };

/**
 * The history as it fits into a model's window: what is too long is summarised by the model, and the summary goes into
 * the journal with what it replaces.
 */
export async function fitHistory(request: FitRequest): Promise<FitOutcome> {
  const { conversation, model } = request;
  const fixedTokens =
    estimateTokens(request.system) + estimateTokens(JSON.stringify(request.tools));
  const windowTokens = USED * windowOf(model);
  let limit = Number.POSITIVE_INFINITY;
  for (let round = 0; ; round += 1) {
    const messages = viewOf(conversation, model);
    const estimate = estimateMessages(messages);
    const ratio = await ratioOf(request, messages, estimate + fixedTokens);
    if (round === 0 && request.wasTooLong) limit = REFUSED_SHARE * estimate;
    // Where the tools alone fill the window, the model has to say so itself.
    const room = Math.max(windowTokens / ratio - fixedTokens, windowTokens / 4);
    const budget = Math.min(room, limit);
    if (estimate <= budget) return { kind: 'fits', messages };
    const from = conversation.history.summary?.replacedCount ?? 0;
    const keepTokens = Math.min((KEPT * windowTokens) / ratio, budget / 2);
    const cut = chooseCut(conversation.history.entries, {
      from,
      keepTokens,
      tokensOf: estimateEntry,
    });
    if (cut === undefined || round === MAX_SUMMARIES) {
      return { kind: 'fits', messages: shortened(conversation, model, budget) };
    }
    request.onSummarising();
    const outcome = await replaceBySummary(request, from, cut);
    if (outcome !== undefined) return outcome;
    request.onSummarised(cut - from);
  }
}

async function replaceBySummary(
  { conversation, model, signal }: FitRequest,
  from: number,
  cut: number,
): Promise<Exclude<FitOutcome, { kind: 'fits' }> | undefined> {
  const { entries, summary } = conversation.history;
  const outcome = await summarise(model, {
    entries: entries.slice(from, cut),
    earlier: summary?.text,
    signal,
  });
  if (outcome.kind !== 'summary') return outcome;
  const last = entries[cut - 1];
  const request = lastRequest(entries, cut);
  conversation.append({
    type: 'summary',
    text: outcome.text,
    by: model.name,
    ...(request !== undefined && { request }),
    replaces: { messages: cut, ...(last?.lineId !== undefined && { through: last.lineId }) },
  });
  return undefined;
}

/** In its own words, where nothing that stays says what the user wants. */
function lastRequest(entries: readonly HistoryEntry[], cut: number): string | undefined {
  if (entries.slice(cut).some(({ role }) => role === 'user')) return undefined;
  const prompt = entries.slice(0, cut).findLast(({ role }) => role === 'user');
  const text = prompt?.parts.find(isTextPart)?.text;
  return text === undefined ? undefined : cutMiddle(text, MAX_REQUEST_CHARS);
}

/** What the model sees of the history: the summary that counts, and what came after what it replaces. */
export function viewOf(
  { history }: Pick<Conversation, 'history'>,
  model: Pick<ConversationModel, 'id' | 'maxInputTokens'>,
  maxPartChars = Math.max(MIN_PART_CHARS, windowOf(model)),
): ModelMessage[] {
  const { summary, entries } = history;
  const opening =
    summary === undefined
      ? []
      : [
          noteText(`What came before, in short:\n${summary.text}`),
          ...(summary.request === undefined ? [] : [summary.request]),
        ];
  return toModelMessages(
    entries.slice(summary?.replacedCount ?? 0),
    { modelId: model.id, maxPartChars },
    opening,
  );
}

/** The last resort, where even one exchange is too long: every part gets shorter until all fit. */
function shortened(
  conversation: Conversation,
  model: ConversationModel,
  budget: number,
): ModelMessage[] {
  let maxPartChars = Math.max(MIN_PART_CHARS, windowOf(model));
  for (;;) {
    const messages = viewOf(conversation, model, maxPartChars);
    if (estimateMessages(messages) <= budget || maxPartChars <= MIN_PART_CHARS) return messages;
    maxPartChars = Math.max(MIN_PART_CHARS, Math.floor(maxPartChars / 2));
  }
}

function windowOf({ maxInputTokens }: Pick<ConversationModel, 'maxInputTokens'>): number {
  return maxInputTokens > 0 ? maxInputTokens : USUAL_WINDOW_TOKENS;
}

async function ratioOf(
  { conversation, model, signal }: FitRequest,
  messages: readonly ModelMessage[],
  estimate: number,
): Promise<number> {
  const known = conversation.tokenRatios.get(model.id);
  if (known !== undefined) return known;
  if (estimate < WORTH_COUNTING * windowOf(model)) return 1;
  const ratio = await calibrate(model, messages, signal);
  conversation.tokenRatios.set(model.id, ratio);
  return ratio;
}
