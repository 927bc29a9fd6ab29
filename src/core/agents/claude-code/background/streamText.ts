import { formatDuration, oneLine } from '../../../tasks/describeTask.ts';
import { describeTool } from '../transcripts/describeTool.ts';
import {
  textOf,
  toolResultsOf,
  toolUsesOf,
  wordsOf,
  type ToolResult,
  type TranscriptLine,
} from '../transcripts/transcriptLine.ts';
import type { TurnResult } from './streamLine.ts';

/** What an agent does, as lines for a person: its log is the task's output. */

const MAX_RESULT_CHARACTERS = 160;
/** Less would show as nothing. */
const LEAST_COST_USD = 0.005;
/** All but tab and new line: what an agent has read must not move a terminal's cursor. */
const CONTROLS = /[\0-\x08\v-\x1f\x7f-\x9f]/g; // eslint-disable-line no-control-regex -- these are what is taken out

/** The lines for one of the stream's; none for what only programs want to know. */
export function textOfLine(line: TranscriptLine): string[] {
  switch (line['type']) {
    case 'system':
      return line['subtype'] === 'init' ? [begun(line)] : [];
    case 'assistant':
      return indent(line, [...paragraph(wordsOf(line)), ...toolUsesOf(line).map(startOf)]);
    case 'user':
      return indent(line, toolResultsOf(line).map(endOf));
    default:
      return [];
  }
}

export function promptText(prompt: string): string[] {
  return clean(prompt)
    .trim()
    .split('\n')
    .map((line) => `> ${line}`);
}

export function resultText(result: TurnResult): string[] {
  const { isError, subtype, text, turns, durationMs, costUsd } = result;
  const facts = [
    durationMs === undefined ? undefined : `after ${formatDuration(durationMs)}`,
    turns === undefined ? undefined : `${turns} turn${turns === 1 ? '' : 's'}`,
    costUsd === undefined || costUsd < LEAST_COST_USD ? undefined : `$${costUsd.toFixed(2)}`,
  ].filter((fact) => fact !== undefined);
  if (!isError) return [`✓ Done ${facts.join(', ')}`.trim()];
  const why = subtype === 'success' ? '' : ` (${subtype})`;
  return [...paragraph(text ?? ''), `✗ Failed${why} ${facts.join(', ')}`.trim()];
}

function begun(line: TranscriptLine): string {
  const version = textOf(line, 'claude_code_version');
  const name = `Claude Code${version === undefined ? '' : ` ${version}`}`;
  const facts = [textOf(line, 'model'), `session ${textOf(line, 'session_id') ?? 'unknown'}`];
  return oneLine(`${name}, ${facts.filter((fact) => fact !== undefined).join(', ')}`);
}

function startOf(use: Parameters<typeof describeTool>[0]): string {
  return `→ ${describeTool(use)}`;
}

function endOf({ isError, text }: ToolResult): string {
  const lines = clean(text).trim().split('\n');
  const more = lines.length > 1 ? ` (${lines.length} lines)` : '';
  return `  ${isError ? '✗ ' : ''}${oneLine(lines[0] ?? '', MAX_RESULT_CHARACTERS) || 'no output'}${more}`;
}

/** What a helper of the agent does is told a step further in. */
function indent(line: TranscriptLine, lines: readonly string[]): string[] {
  const isOfHelper = textOf(line, 'parent_tool_use_id') !== undefined;
  return isOfHelper ? lines.map((text) => `    ${text}`) : [...lines];
}

function paragraph(text: string): string[] {
  const words = clean(text).trim();
  return words === '' ? [] : words.split('\n');
}

function clean(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(CONTROLS, '');
}
