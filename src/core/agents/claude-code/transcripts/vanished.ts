import { createHash } from 'node:crypto';
import { chunksOfFile, scanLines } from '../../../common/appendLog.ts';
import { promptOf } from './prompt.ts';
import { parseTranscriptLine, textOf, timeOf, type TranscriptLine } from './transcriptLine.ts';

const MAX_PROMPTS = 5;
const MAX_PROMPT_CHARACTERS = 200;

/** What an earlier copy of a transcript has that the present one has not. */
export interface Vanished {
  readonly lines: number;
  /** Of the lines, those of the conversation. */
  readonly messages: number;
  readonly bytes: number;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  /** The first of what the user had typed. */
  readonly prompts: readonly string[];
}

/** The lines of a plain file that another one does not have, in their order. Torn ones are no loss. */
export function* vanishedLines(
  earlier: string,
  present: string | undefined,
): Generator<{ readonly line: TranscriptLine; readonly bytes: number }> {
  const kept = present === undefined ? new Set<string>() : hashesOf(present);
  for (const line of linesOf(earlier)) {
    if (line.length === 0 || kept.has(hashOf(line))) continue;
    const parsed = parseTranscriptLine(line);
    if (parsed !== undefined) yield { line: parsed, bytes: line.length + 1 };
  }
}

export function whatVanished(earlier: string, present: string | undefined): Vanished {
  const prompts: string[] = [];
  let [lines, messages, bytes] = [0, 0, 0];
  let fromMs: number | undefined;
  let toMs: number | undefined;
  for (const { line, bytes: lineBytes } of vanishedLines(earlier, present)) {
    lines += 1;
    bytes += lineBytes;
    if (isMessage(line)) messages += 1;
    const timeMs = timeOf(line);
    fromMs ??= timeMs;
    toMs = timeMs ?? toMs;
    const prompt = promptOf(line);
    if (prompt !== undefined && prompts.length < MAX_PROMPTS) {
      prompts.push(prompt.slice(0, MAX_PROMPT_CHARACTERS));
    }
  }
  return { lines, messages, bytes, fromMs, toMs, prompts };
}

function isMessage(line: TranscriptLine): boolean {
  const isSaid = line['type'] === 'user' || line['type'] === 'assistant';
  return isSaid && textOf(line, 'uuid') !== undefined;
}

function hashesOf(file: string): Set<string> {
  const hashes = new Set<string>();
  for (const line of linesOf(file)) hashes.add(hashOf(line));
  return hashes;
}

/** A last line without its newline counts. */
export function* linesOf(file: string): Generator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for (const chunk of chunksOfFile(file, 0)) {
    const lines: Buffer[] = [];
    ({ rest } = scanLines([rest, chunk], 0, (line) => {
      lines.push(Buffer.from(line));
    }));
    yield* lines;
  }
  if (rest.length > 0) yield rest;
}

function hashOf(line: Buffer): string {
  return createHash('sha1').update(line).digest('base64');
}
