/**
 * One line of a transcript, as far as it is one: nothing of it has been checked, since the format is Claude Code's own
 * and changes with its versions. Read its fields with the functions of this file.
 */
export type TranscriptLine = Readonly<Record<string, unknown>>;

/** What a message asks a tool to do. */
export interface ToolUse {
  readonly id: string;
  readonly name: string;
  readonly input: TranscriptLine;
}

/** What a tool gave. */
export interface ToolResult {
  readonly toolUseId: string;
  readonly isError: boolean;
  readonly text: string;
}

/** Undefined for what is no JSON object: a torn line, or two in one. */
export function parseTranscriptLine(line: Buffer | string): TranscriptLine | undefined {
  try {
    return asObject(JSON.parse(line.toString()));
  } catch {
    return undefined;
  }
}

/** Whether an object can be a line of its own, and not a piece of one. */
export function isWholeLine(value: TranscriptLine): boolean {
  if (textOf(value, 'type') === undefined) return false;
  return ['uuid', 'sessionId', 'leafUuid', 'messageId'].some((name) => textOf(value, name));
}

export function asObject(value: unknown): TranscriptLine | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as TranscriptLine)
    : undefined;
}

/** A field that is a text with something in it. */
export function textOf(object: TranscriptLine | undefined, name: string): string | undefined {
  const value = object?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function objectOf(object: TranscriptLine | undefined, name: string): TranscriptLine {
  return asObject(object?.[name]) ?? {};
}

/** When the line was written; undefined when it does not say. */
export function timeOf(line: TranscriptLine): number | undefined {
  const text = textOf(line, 'timestamp');
  const timeMs = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

/** The blocks of a message; its text is one block. */
export function blocksOf(line: TranscriptLine): readonly TranscriptLine[] {
  const content = objectOf(line, 'message')['content'];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return blocksIn(content);
}

/** What a message says in words, without tool calls and results. */
export function wordsOf(line: TranscriptLine): string {
  return joinTexts(blocksOf(line));
}

export function toolUsesOf(line: TranscriptLine): ToolUse[] {
  return blocksOf(line).flatMap((block) => {
    const id = textOf(block, 'id');
    const name = textOf(block, 'name');
    if (block['type'] !== 'tool_use' || id === undefined || name === undefined) return [];
    return [{ id, name, input: objectOf(block, 'input') }];
  });
}

export function toolResultsOf(line: TranscriptLine): ToolResult[] {
  return blocksOf(line).flatMap((block) => {
    const toolUseId = textOf(block, 'tool_use_id');
    if (block['type'] !== 'tool_result' || toolUseId === undefined) return [];
    const { content } = block;
    const text = typeof content === 'string' ? content : joinTexts(blocksIn(content));
    return [{ toolUseId, isError: block['is_error'] === true, text }];
  });
}

function blocksIn(content: unknown): readonly TranscriptLine[] {
  if (!Array.isArray(content)) return [];
  return content.flatMap<TranscriptLine>((block: unknown) => asObject(block) ?? []);
}

function joinTexts(blocks: readonly TranscriptLine[]): string {
  const texts = blocks.filter(({ type }) => type === 'text');
  return texts.flatMap((block) => textOf(block, 'text') ?? []).join('\n');
}
