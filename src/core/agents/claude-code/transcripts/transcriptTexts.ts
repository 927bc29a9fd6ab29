import type { SourceText } from '../../../search/textSource.ts';
import { describeTool } from './describeTool.ts';
import { promptOf } from './prompt.ts';
import {
  parseTranscriptLine,
  textOf,
  timeOf,
  toolResultsOf,
  toolUsesOf,
  wordsOf,
  type ToolUse,
  type TranscriptLine,
} from './transcriptLine.ts';

/** What people search for in a line of a transcript; nothing in one that cannot be read. */
export function transcriptTexts(bytes: Buffer): SourceText[] {
  const line = parseTranscriptLine(bytes);
  if (line === undefined) return [];
  const atMs = timeOf(line) ?? 0;
  return textsOf(line).flatMap(({ kind, role, text }) =>
    text === '' ? [] : [{ kind, role, atMs, text }],
  );
}

function textsOf(line: TranscriptLine): Omit<SourceText, 'atMs'>[] {
  switch (line['type']) {
    case 'user':
      return userTexts(line);
    case 'assistant':
      return [
        { kind: 'message', role: 'assistant', text: wordsOf(line) },
        ...toolUsesOf(line).map((use) => toolText(use)),
      ];
    case 'summary':
      return [{ kind: 'summary', role: undefined, text: textOf(line, 'summary') ?? '' }];
    case 'custom-title':
      return [{ kind: 'title', role: undefined, text: textOf(line, 'customTitle') ?? '' }];
    case 'ai-title':
      return [{ kind: 'title', role: undefined, text: textOf(line, 'aiTitle') ?? '' }];
    default:
      return [];
  }
}

function userTexts(line: TranscriptLine): Omit<SourceText, 'atMs'>[] {
  if (line['isCompactSummary'] === true) {
    return [{ kind: 'summary', role: undefined, text: wordsOf(line) }];
  }
  const results = toolResultsOf(line).map(({ text }): Omit<SourceText, 'atMs'> => {
    return { kind: 'tool-result', role: 'tool', text };
  });
  return [{ kind: 'message', role: 'user', text: promptOf(line) ?? '' }, ...results];
}

function toolText(use: ToolUse): Omit<SourceText, 'atMs'> {
  const command = use.name === 'Bash' ? textOf(use.input, 'command') : undefined;
  return command === undefined
    ? { kind: 'tool-call', role: 'assistant', text: describeTool(use) }
    : { kind: 'command', role: 'assistant', text: command };
}
