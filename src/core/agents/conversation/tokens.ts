import type { HistoryEntry } from './history.ts';
import type { ConversationModel, ModelMessage, ModelPart } from './model.ts';

/** Bytes of UTF-8 a token: English and code have 3.5 to 4, and rather too many are counted than too few. */
const BYTES_PER_TOKEN = 3.3;
/** What a message costs besides its text. */
const TOKENS_PER_PART = 8;
const SAMPLE_CHARS = 50_000;

export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

export function estimateMessages(messages: readonly ModelMessage[]): number {
  let tokens = 0;
  for (const { parts } of messages) for (const part of parts) tokens += estimatePart(part);
  return tokens;
}

function estimatePart(part: ModelPart): number {
  switch (part.type) {
    case 'text':
    case 'thinking':
      return estimateTokens(part.text) + TOKENS_PER_PART;
    case 'tool-call':
      return (
        estimateTokens(JSON.stringify(part.input)) + estimateTokens(part.name) + TOKENS_PER_PART
      );
    case 'tool-result':
      return estimateTokens(part.output) + TOKENS_PER_PART;
  }
}

const estimates = new WeakMap<HistoryEntry, number>();

/** Of a message of the journal, which never changes. */
export function estimateEntry(entry: HistoryEntry): number {
  const known = estimates.get(entry);
  if (known !== undefined) return known;
  const tokens = estimateTokens(JSON.stringify(entry.parts));
  estimates.set(entry, tokens);
  return tokens;
}

/**
 * How many tokens of a model our estimate is off: asked once for a sample, since counting every message takes longer
 * than anybody should wait.
 */
export async function calibrate(
  model: ConversationModel,
  messages: readonly ModelMessage[],
  signal: AbortSignal,
): Promise<number> {
  if (model.countTokens === undefined) return 1;
  const sample = messages
    .slice(-200)
    .map(({ parts }) => parts.map(sampleText).join('\n'))
    .join('\n')
    .slice(-SAMPLE_CHARS);
  const estimate = estimateTokens(sample);
  if (estimate === 0) return 1;
  try {
    const ratio = (await model.countTokens(sample, signal)) / estimate;
    return Number.isFinite(ratio) && ratio > 0 ? Math.min(4, Math.max(0.25, ratio)) : 1;
  } catch {
    // A counter that fails costs precision, not the answer.
    return 1;
  }
}

function sampleText(part: ModelPart): string {
  if (part.type === 'tool-call') return JSON.stringify(part.input);
  return part.type === 'tool-result' ? part.output : part.text;
}
