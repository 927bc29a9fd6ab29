import * as v from 'valibot';
import { HoldfastError } from '../../common/errors.ts';
import { objectSchema } from '../tools/tool.ts';
import { requireUtf8 } from './editTool.ts';
import { MAX_EDITED_BYTES } from './fileDesk.ts';
import { changing, defineFileTool, filePath, filePathSchema } from './fileTool.ts';
import { lineEndingOf, withLineEnding, withoutMark } from './textFile.ts';
import { unifiedDiff } from './unifiedDiff.ts';

const input = v.strictObject({
  file_path: filePath,
  content: v.string('expected a string'),
});

/** Writes a whole file. */
export const writeTool = defineFileTool({
  name: 'write',
  title: 'Write a file',
  description:
    'Creates a text file with its directories, or replaces all of one that you have read in this session. For changes in a file use edit. Mode, encoding and line endings of a file that is there stay.',
  inputSchema: objectSchema({
    file_path: filePathSchema,
    content: { type: 'string', description: 'All that the file will hold.' },
  }),
  outputSchema: objectSchema({
    file_path: { type: 'string', description: 'The real path.' },
    is_new: { type: 'boolean' },
    is_saved: { type: 'boolean', description: 'false: the editor shows it, unsaved.' },
    diff: { type: 'string' },
  }),
  annotations: changing,
  input,
  run: async (desk, { file_path: given, content }, call) => {
    if (content.length > MAX_EDITED_BYTES) {
      throw new HoldfastError('input.invalid', 'content is too long: let a command write the file');
    }
    const realPath = desk.locate(given, call.approvedPaths);
    const file = await desk.load(realPath);
    if (file !== undefined) {
      desk.requireSeen(file);
      requireUtf8(file);
    }
    // A file of Windows lines stays one; of a new file every character is the agent's.
    const text =
      file === undefined ? content : withLineEndingOf(file.text, withoutMark(content, file));
    const isSaved = await desk.store(realPath, file, text);
    return {
      text: [
        `${file === undefined ? 'Created' : 'Replaced'} ${realPath}.`,
        ...(isSaved ? [] : ['It is not saved: the user sees it in the editor.']),
      ].join('\n'),
      structured: {
        file_path: realPath,
        is_new: file === undefined,
        is_saved: isSaved,
        diff: unifiedDiff(file?.text ?? '', text),
      },
    };
  },
});

/** Where most lines end as on Windows, all do. */
function withLineEndingOf(before: string, text: string): string {
  return lineEndingOf(before) === '\n' ? text : withLineEnding(text, '\r\n');
}
