import * as v from 'valibot';
import { objectSchema, type ToolResult } from '../tools/tool.ts';
import { readLinesOfBigFile } from './bigFile.ts';
import { MAX_EDITED_BYTES, type FileDesk } from './fileDesk.ts';
import {
  defineFileTool,
  fileNotFound,
  filePath,
  filePathSchema,
  reading,
  wholeNumber,
} from './fileTool.ts';
import { tryStat } from './tryStat.ts';
import { numberLines, splitLines, type NumberedLines } from './numberedLines.ts';

const DEFAULT_LINES = 2000;
const MAX_LINE_NUMBER = 1_000_000_000;

const input = v.strictObject({
  file_path: filePath,
  offset: v.optional(wholeNumber(1, MAX_LINE_NUMBER)),
  limit: v.optional(wholeNumber(1, 100_000)),
});

/** Shows a text file, or some lines of it. */
export const readTool = defineFileTool({
  name: 'read',
  title: 'Read a file',
  description: `Reads a text file, with the changes in it that the user has not saved yet. Lines are numbered as by cat -n; the number and the tab behind it are no part of the file. Without offset and limit you get the first ${DEFAULT_LINES} lines; very long lines are cut. Files that you read or wrote earlier in this session are known, and need not be read again unless you are told that they changed.`,
  inputSchema: objectSchema(
    {
      file_path: filePathSchema,
      offset: {
        type: 'integer',
        minimum: 1,
        maximum: MAX_LINE_NUMBER,
        description: 'The first line to read; 1 is the first of the file.',
      },
      limit: {
        type: 'integer',
        minimum: 1,
        maximum: 100_000,
        description: 'How many lines to read at most.',
      },
    },
    ['file_path'],
  ),
  outputSchema: objectSchema({
    file_path: { type: 'string', description: 'The real path.' },
    content: { type: 'string', description: 'Numbered lines.' },
    first_line: { type: 'integer' },
    last_line: { type: 'integer' },
    total_lines: { type: ['integer', 'null'], description: 'null for very big files.' },
    note: { type: ['string', 'null'] },
  }),
  annotations: reading,
  input,
  run: async (desk, { file_path: given, offset = 1, limit = DEFAULT_LINES }, call) => {
    const realPath = desk.locate(given, call.approvedPaths);
    const stat = tryStat(realPath);
    if (stat?.isFile() === true && stat.size > MAX_EDITED_BYTES) {
      return readBig(desk, realPath, offset, limit);
    }
    const file = await desk.load(realPath);
    if (file === undefined) throw fileNotFound(realPath);
    desk.noteSeen(file);
    const lines = splitLines(file.text);
    const shown = numberLines(lines.slice(offset - 1, offset - 1 + limit), offset);
    return resultOf(realPath, offset, shown, {
      total: lines.length,
      notes: [
        ...(file.open?.isDirty === true ? ['With changes that the user has not saved yet.'] : []),
        ...(file.isLossless ? [] : ['It is not UTF-8: � stands for what could not be read.']),
      ],
    });
  },
});

function readBig(desk: FileDesk, realPath: string, offset: number, limit: number): ToolResult {
  const shown = numberLines(readLinesOfBigFile(realPath, offset, limit), offset);
  desk.noteLooked(realPath);
  const notes = ['The file is very big: search it with grep, change it with commands.'];
  return resultOf(realPath, offset, shown, { total: null, notes });
}

function resultOf(
  realPath: string,
  first: number,
  { text, lastLine }: NumberedLines,
  { total, notes }: { total: number | null; notes: readonly string[] },
): ToolResult {
  const said = [...notes];
  if (total === 0) said.push('The file is empty.');
  else if (lastLine < first) {
    said.push(total === null ? 'There is no such line.' : `The file has ${total} lines only.`);
  } else if (total === null || lastLine < total) {
    const of = total === null ? '' : ` of ${total}`;
    said.push(`Lines ${first} to ${lastLine}${of}; go on with offset ${lastLine + 1}.`);
  }
  const note = said.length === 0 ? null : said.join(' ');
  return {
    text: [text, ...(note === null ? [] : [`[${note}]`])].filter((part) => part !== '').join('\n'),
    structured: {
      file_path: realPath,
      content: text,
      first_line: first,
      last_line: lastLine,
      total_lines: total,
      note,
    },
  };
}
