import {
  isTextPart,
  isToolCallPart,
  isToolResultPart,
  type MessagePart,
  type ToolCallPart,
  type ToolResultPart,
} from '../../../sessions/journalLines.ts';
import type { History, HistoryEntry, HistorySummary } from '../history.ts';
import { isThinkingPart } from '../journalParts.ts';
import { pairCalls, type PairedCall } from '../pairing.ts';
import { renderCall, renderLooseResult } from './renderCall.ts';
import { safeMarkdown } from './safeMarkdown.ts';
import type { TranscriptOptions } from './transcriptOptions.ts';

type Readable = Pick<History, 'entries' | 'summaries'>;

const speakers = {
  user: 'You',
  assistant: 'Assistant',
  system: 'Holdfast',
  tool: 'Assistant',
} as const;

const times = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** A session's conversation as a document, one piece for each message; some pieces are empty. */
export function* renderTranscript(
  history: Readable,
  options: TranscriptOptions = {},
  { from = 0, to = history.entries.length } = {},
): Generator<string> {
  const renderer = new Renderer(history, options);
  for (let index = from; index < to; index += 1) yield renderer.render(index);
}

/** A page of it: the messages from one index up to another. */
export function renderPage(
  history: Readable,
  range: { readonly from: number; readonly to: number },
  options: TranscriptOptions = {},
): string {
  return [...renderTranscript(history, options, range)].join('');
}

class Renderer {
  readonly #history: Readable;
  readonly #options: TranscriptOptions;
  readonly #pairs = new Map<ToolCallPart, PairedCall>();
  readonly #paired = new Set<ToolResultPart>();
  readonly #summaries = new Map<number, HistorySummary>();
  /** Of the last piece that was not empty. */
  #speaker: string | undefined;

  constructor(history: Readable, options: TranscriptOptions) {
    this.#history = history;
    this.#options = options;
    for (const pair of pairCalls(history.entries)) {
      this.#pairs.set(pair.call, pair);
      if (pair.result !== undefined) this.#paired.add(pair.result);
    }
    for (const summary of history.summaries) this.#summaries.set(summary.replacedCount, summary);
  }

  render(index: number): string {
    const entry = this.#history.entries[index];
    if (entry === undefined) return '';
    const texts = entry.parts.map((part) => this.#renderPart(part)).filter((text) => text !== '');
    const summary = this.#summaries.get(index);
    const before = summary === undefined ? '' : renderSummary(summary);
    if (texts.length === 0) return before;
    const speaker = speakers[entry.role];
    const heading = speaker === this.#speaker ? '' : headingOf(entry);
    this.#speaker = speaker;
    return `${before}${heading}${texts.join('\n\n')}\n\n`;
  }

  #renderPart(part: MessagePart): string {
    if (isTextPart(part)) return renderText(part.text, part['attachment']);
    if (isThinkingPart(part)) {
      if (part.text.trim() === '') return '';
      return `<details><summary>Thinking</summary>\n\n${safeMarkdown(part.text)}\n\n</details>`;
    }
    if (isToolCallPart(part)) {
      const pair = this.#pairs.get(part);
      return pair === undefined ? '' : renderCall(pair, this.#options, this.#options.isLive);
    }
    return isToolResultPart(part) && !this.#paired.has(part) ? renderLooseResult(part) : '';
  }
}

function renderText(text: string, attachment: unknown): string {
  if (typeof attachment !== 'string') return safeMarkdown(text.trim());
  const name = safeMarkdown(attachment.replaceAll(/\s+/g, ' '));
  return `<details><summary>Attached: ${name}</summary>\n\n${safeMarkdown(text)}\n\n</details>`;
}

function headingOf({ role, atMs, model }: HistoryEntry): string {
  const by = role === 'assistant' && model !== undefined ? ` (${safeMarkdown(model)})` : '';
  return `### ${speakers[role]}${by} · ${timeText(atMs)}\n\n`;
}

/** Where the reader is; a journal that was damaged may lack a time. */
function timeText(atMs: number): string {
  return Number.isFinite(atMs) ? times.format(atMs) : 'time unknown';
}

function renderSummary({ text, replacedCount }: HistorySummary): string {
  return `<details><summary>For the model, the ${replacedCount} messages above were summarised</summary>\n\n${safeMarkdown(text)}\n\n</details>\n\n`;
}
