import { isTextPart, isToolCallPart, isToolResultPart } from '../../sessions/journalLines.ts';
import type { HistoryEntry } from './history.ts';
import type { ConversationModel, ModelFailure } from './model.ts';
import { cutMiddle, outputText } from './pairing.ts';
import { failureOf } from './modelFailure.ts';
import { untilAborted } from './untilAborted.ts';

const MAX_RESULT_CHARS = 2000;
const MAX_TEXT_CHARS = 20_000;
const CHARS_PER_TOKEN = 3;

const SYSTEM = `You summarise the earlier part of a conversation between a user and a coding agent, so that the agent can go on without having it before it. Write for the agent, in the language of the conversation, and keep exactly: what the user wants and every instruction and preference that still holds; decisions and their reasons; what was done, with paths of files, names, commands and their results; errors met and how they were solved; background tasks (bash_N) and what they are for; what is unfinished, and the next step. Leave out greetings, repetitions, and file contents that can be read again. Answer with the summary alone.`;

export type SummaryOutcome =
  | { readonly kind: 'summary'; readonly text: string }
  | { readonly kind: 'failed'; readonly failure: ModelFailure }
  | { readonly kind: 'cancelled' };

export interface SummaryRequest {
  readonly entries: readonly HistoryEntry[];
  /** Of what came before them. */
  readonly earlier: string | undefined;
  readonly signal: AbortSignal;
}

/** Lets a model summarise a part of a history, piece by piece where it is longer than the model's window. */
export async function summarise(
  model: ConversationModel,
  { entries, earlier, signal }: SummaryRequest,
): Promise<SummaryOutcome> {
  const maxChars = Math.max(
    4000,
    Math.floor((model.maxInputTokens || 64_000) * 0.5 * CHARS_PER_TOKEN),
  );
  let summary = earlier;
  for (const piece of piecesOf(entries, maxChars)) {
    const outcome = await ask(model, promptFor(summary, piece), signal);
    if (outcome.kind !== 'summary') return outcome;
    summary = outcome.text;
  }
  return { kind: 'summary', text: summary ?? '' };
}

function promptFor(summary: string | undefined, piece: string): string {
  const before =
    summary === undefined
      ? ''
      : `<summary-so-far>\n${summary}\n</summary-so-far>\n\nWhat follows comes after that; write one summary of both.\n\n`;
  return `${before}<conversation>\n${piece}\n</conversation>`;
}

async function ask(
  model: ConversationModel,
  prompt: string,
  signal: AbortSignal,
): Promise<SummaryOutcome> {
  const request = {
    system: SYSTEM,
    messages: [{ role: 'user' as const, parts: [{ type: 'text' as const, text: prompt }] }],
    tools: [],
    signal,
  };
  let text = '';
  try {
    for await (const part of untilAborted(model.stream(request), signal)) {
      if (part.type === 'text') text += part.text;
      else if (part.type === 'failed') {
        return signal.aborted ? { kind: 'cancelled' } : { kind: 'failed', failure: part.failure };
      }
    }
  } catch (error) {
    return signal.aborted ? { kind: 'cancelled' } : { kind: 'failed', failure: failureOf(error) };
  }
  if (signal.aborted) return { kind: 'cancelled' };
  if (text.trim() !== '') return { kind: 'summary', text: text.trim() };
  const failure = { kind: 'unknown', message: 'it gave no summary of the conversation' } as const;
  return { kind: 'failed', failure };
}

function piecesOf(entries: readonly HistoryEntry[], maxChars: number): string[] {
  const pieces: string[] = [];
  let current = '';
  for (const entry of entries) {
    const text = cutMiddle(entryText(entry), Math.min(MAX_TEXT_CHARS, maxChars));
    if (current !== '' && current.length + text.length > maxChars) {
      pieces.push(current);
      current = '';
    }
    current += `${text}\n\n`;
  }
  return current === '' ? pieces : [...pieces, current];
}

function entryText({ role, parts }: HistoryEntry): string {
  const texts = parts.flatMap((part) => {
    if (isTextPart(part)) return [part.text];
    if (isToolCallPart(part)) {
      return [
        `calls ${part.name} ${cutMiddle(JSON.stringify(part.input ?? {}), MAX_RESULT_CHARS)}`,
      ];
    }
    if (!isToolResultPart(part)) return [];
    const failed = part.isError === true ? 'failed: ' : '';
    return [`${failed}${cutMiddle(outputText(part.output), MAX_RESULT_CHARS)}`];
  });
  return `[${role}] ${texts.join('\n')}`;
}
