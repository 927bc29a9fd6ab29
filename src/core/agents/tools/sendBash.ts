import * as v from 'valibot';
import { findTask } from '../../tasks/listTasks.ts';
import { sendInput } from '../../terminals/sendInput.ts';
import { bashId, bashIdSchema, noteSchema, commandAnnotations } from './fields.ts';
import { callOf } from './standing.ts';
import { defineTool, objectSchema } from './tool.ts';

const MAX_INPUT_CHARS = 100_000;

const input = v.strictObject({
  bash_id: bashId,
  text: v.pipe(v.string('expected a string'), v.maxLength(MAX_INPUT_CHARS, 'is too long')),
});

/** Types into a task that has a terminal. */
export const sendBashTool = defineTool({
  name: 'send_bash',
  title: 'Type into a task',
  description: String.raw`Types text into a task that has a terminal: one that you started with terminal, or the user with "holdfast run --tty". In the JSON of the call, "\n" presses Enter: send "y\n" to answer a question with y. Control characters count: "\u0003" is Ctrl+C, "\u0004" ends the input, "\u001b" is Escape, "\u001b[A" is the arrow up.`,
  inputSchema: objectSchema({
    bash_id: bashIdSchema,
    text: { type: 'string', maxLength: MAX_INPUT_CHARS, description: 'Sent as it is.' },
  }),
  outputSchema: objectSchema({
    bash_id: { type: 'string' },
    sent_bytes: { type: 'integer' },
    note: noteSchema,
  }),
  annotations: commandAnnotations,
  input,
  run: async ({ host }, { bash_id: id, text }) => {
    const task = findTask(host.workspace, id, host.clock.now());
    // What the key sends; programs that read keys one by one take a line feed for another one.
    const bytes = Buffer.from(text.replaceAll(/\r?\n/g, '\r'));
    await sendInput(task, bytes);
    const note = `See what it answers with ${callOf('bash_output', { bash_id: task.id, wait_ms: 2000 })}.`;
    return {
      text: `Typed ${bytes.length === 1 ? '1 byte' : `${bytes.length} bytes`} into ${task.id}.\n${note}`,
      structured: { bash_id: task.id, sent_bytes: bytes.length, note },
    };
  },
});
