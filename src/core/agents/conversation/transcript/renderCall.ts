import { codeBlock, inlineCode, inlineText } from '../../../sessions/markdown.ts';
import type { ToolResultPart } from '../../../sessions/journalLines.ts';
import { resultDetails } from '../journalParts.ts';
import { cutMiddle, outputText, type PairedCall } from '../pairing.ts';
import type { TranscriptOptions } from './transcriptOptions.ts';

/** A longer text is in the journal and in the export; a document has to stay readable. */
const MAX_BLOCK_CHARS = 20_000;
const MAX_TITLE_CHARS = 120;
const MAIN_INPUTS = ['command', 'file_path', 'path', 'pattern', 'bash_id', 'url', 'query'];

/** A call with what came of it, folded. */
export function renderCall(
  { call, result }: PairedCall,
  options: TranscriptOptions,
  isLive = false,
): string {
  const input = asRecord(call.input);
  const main = MAIN_INPUTS.map((name) => input[name]).find((value) => typeof value === 'string');
  const about = main === undefined ? '' : ` <code>${escapeHtml(oneLine(main))}</code>`;
  const state = result === undefined ? (isLive ? ' …' : ' (no result)') : '';
  const failed = result?.isError === true ? ' (failed)' : '';
  const title = `<b>${escapeHtml(call.name)}</b>${about}${failed}${state}`;
  const links = linksOf(input, result, options);
  const body = [
    ...(links.length === 0 ? [] : [links.join(' · ')]),
    ...inputBlocks(call.name, input, result),
    ...(result === undefined ? [] : [block(outputText(result.output), '')]),
  ];
  return `<details><summary>${title}</summary>\n\n${body.join('\n\n')}\n\n</details>`;
}

/** A result whose call is not in the history. */
export function renderLooseResult({ output, isError }: ToolResultPart): string {
  const title = isError === true ? 'Result (failed)' : 'Result';
  return `<details><summary>${title}</summary>\n\n${block(outputText(output), '')}\n\n</details>`;
}

function inputBlocks(
  name: string,
  input: Readonly<Record<string, unknown>>,
  result: ToolResultPart | undefined,
): string[] {
  const { diff } = result === undefined ? {} : resultDetails(result);
  if (diff !== undefined) return [block(diff, 'diff')];
  const { old_string: oldText, new_string: newText, content, command, ...rest } = input;
  if (typeof oldText === 'string' && typeof newText === 'string') {
    return [block(`${prefixed('-', oldText)}\n${prefixed('+', newText)}`, 'diff')];
  }
  if (name === 'write' && typeof content === 'string')
    return [block(prefixed('+', content), 'diff')];
  if (typeof command === 'string') {
    const more = Object.keys(rest).length === 0 ? [] : [json(rest)];
    return [block(command, 'sh'), ...more];
  }
  return Object.keys(input).length === 0 ? [] : [json(input)];
}

function linksOf(
  input: Readonly<Record<string, unknown>>,
  result: ToolResultPart | undefined,
  { linkTask, linkFile }: TranscriptOptions,
): string[] {
  const { task, files = [] } = result === undefined ? {} : resultDetails(result);
  const id = task ?? (typeof input['bash_id'] === 'string' ? input['bash_id'] : undefined);
  return [
    ...(id === undefined ? [] : [link(id, linkTask?.(id))]),
    ...files.map((file) => link(file, linkFile?.(file))),
  ];
}

function link(text: string, target: string | undefined): string {
  if (target === undefined) return inlineCode(text);
  const address = target.replaceAll(/[<>\s]/g, (character) => encodeURIComponent(character));
  return `[${inlineText(text)}](<${address}>)`;
}

function block(text: string, language: string): string {
  return codeBlock(cutMiddle(text, MAX_BLOCK_CHARS), language);
}

function json(value: unknown): string {
  return block(JSON.stringify(value, undefined, 2), 'json');
}

function prefixed(mark: string, text: string): string {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `${mark}${line}`)
    .join('\n');
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > MAX_TITLE_CHARS ? `${line.slice(0, MAX_TITLE_CHARS)}…` : line;
}

function escapeHtml(text: string): string {
  // In a summary Markdown's own marks count as well.
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]!~]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function asRecord(input: unknown): Readonly<Record<string, unknown>> {
  if (typeof input !== 'object' || input === null) return input == null ? {} : { input };
  return input as Record<string, unknown>;
}
