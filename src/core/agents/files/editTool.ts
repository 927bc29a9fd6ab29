import * as v from 'valibot';
import { HoldfastError } from '../../common/errors.ts';
import { objectSchema } from '../tools/tool.ts';
import { changing, defineFileTool, fileNotFound, filePath, filePathSchema } from './fileTool.ts';
import type { LoadedFile } from './fileDesk.ts';
import { numberLines, splitLines } from './numberedLines.ts';
import { occurrencesOf, replaceText } from './replaceText.ts';
import { withoutMark } from './textFile.ts';
import { unifiedDiff } from './unifiedDiff.ts';

const SHOWN_LINES = 4;

const input = v.strictObject({
  file_path: filePath,
  old_string: v.pipe(v.string('expected a string'), v.minLength(1, 'is empty')),
  new_string: v.string('expected a string'),
  replace_all: v.optional(v.boolean('expected true or false')),
});

/** Replaces an exact text in a file. */
export const editTool = defineFileTool({
  name: 'edit',
  title: 'Edit a file',
  description:
    'Replaces old_string by new_string in a text file that you have read in this session. old_string must be in the file exactly, indentation included and line numbers not, and only once: give enough lines around it, or set replace_all. Nothing is changed when the file is not as you have read it. Mode, encoding and line endings of the file stay.',
  inputSchema: objectSchema(
    {
      file_path: filePathSchema,
      old_string: { type: 'string', minLength: 1, description: 'What to replace.' },
      new_string: { type: 'string', description: 'What to put in its place.' },
      replace_all: {
        type: 'boolean',
        default: false,
        description: 'Replace every occurrence.',
      },
    },
    ['file_path', 'old_string', 'new_string'],
  ),
  outputSchema: objectSchema({
    file_path: { type: 'string', description: 'The real path.' },
    replaced: { type: 'integer', description: 'How many occurrences.' },
    is_saved: { type: 'boolean', description: 'false: the editor shows it, unsaved.' },
    diff: { type: 'string' },
  }),
  annotations: changing,
  input,
  run: async (desk, given, call) => {
    const { replace_all: isAll = false } = given;
    if (given.old_string === given.new_string) {
      throw new HoldfastError('input.invalid', 'old_string and new_string are the same');
    }
    const realPath = desk.locate(given.file_path, call.approvedPaths);
    const file = await desk.load(realPath);
    if (file === undefined) throw fileNotFound(realPath);
    desk.requireSeen(file);
    requireUtf8(file);
    const oldText = withoutMark(given.old_string, file);
    const newText = withoutMark(given.new_string, file);
    requireMatch(file, oldText, isAll);
    const { text, count } = replaceText(file.text, oldText, newText);
    const isSaved = await desk.store(realPath, file, text);
    const start = file.text.replaceAll('\r\n', '\n').indexOf(oldText.replaceAll('\r\n', '\n'));
    return {
      text: [
        `Replaced ${count === 1 ? 'one occurrence' : `${count} occurrences`} in ${realPath}.`,
        ...(isSaved ? [] : ['It is not saved: the user sees it in the editor.']),
        ...(count === 1 ? ['It reads now:', excerpt(text, start, newText)] : []),
      ].join('\n'),
      structured: {
        file_path: realPath,
        replaced: count,
        is_saved: isSaved,
        diff: unifiedDiff(file.text, text),
      },
    };
  },
});

/** @throws HoldfastError `file.notText`. */
export function requireUtf8({ realPath, isLossless }: LoadedFile): void {
  if (isLossless) return;
  throw new HoldfastError(
    'file.notText',
    `nothing was changed: ${realPath} is not UTF-8, and writing it would spoil it. Convert it first (iconv), or change it with a command`,
  );
}

function requireMatch({ realPath, text }: LoadedFile, oldText: string, isAll: boolean): void {
  const plain = text.replaceAll('\r\n', '\n');
  const starts = occurrencesOf(plain, oldText.replaceAll('\r\n', '\n'));
  if (starts.length === 0) {
    throw new HoldfastError(
      'file.noMatch',
      `nothing was changed: old_string is not in ${realPath}${nearMiss(plain, oldText)}`,
    );
  }
  if (starts.length === 1 || isAll) return;
  const lines = starts.slice(0, 10).map((start) => lineNumberAt(plain, start));
  throw new HoldfastError(
    'file.noMatch',
    `nothing was changed: old_string is ${starts.length} times in ${realPath} (lines ${lines.join(', ')}). Give more lines around the one you mean, or set replace_all`,
  );
}

/** What usually went wrong. */
function nearMiss(plain: string, oldText: string): string {
  const squeeze = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
  if (squeeze(plain).includes(squeeze(oldText))) {
    return ' exactly: it is with other spaces, tabs or line breaks. Read the lines again and copy them';
  }
  return /^\s*\d+\t/.test(oldText)
    ? ': leave out the line numbers'
    : '. Read the place again and copy it exactly';
}

function excerpt(text: string, start: number, newText: string): string {
  const plain = text.replaceAll('\r\n', '\n');
  const first = Math.max(1, lineNumberAt(plain, start) - SHOWN_LINES);
  const count = splitLines(newText).length + 2 * SHOWN_LINES + 1;
  return numberLines(splitLines(plain).slice(first - 1, first - 1 + count), first).text;
}

function lineNumberAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
