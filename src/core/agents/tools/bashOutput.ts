import * as v from 'valibot';
import { findTask } from '../../tasks/listTasks.ts';
import { offsetOfTail, readOutputBytes } from '../../tasks/output.ts';
import { taskDirectoryAt } from '../../tasks/taskDirectory.ts';
import type { TaskHost } from '../../tasks/taskHost.ts';
import type { TaskSnapshot } from '../../tasks/types.ts';
import { formatSize } from '../../tasks/describeTask.ts';
import type { Agent } from './agent.ts';
import { bashId, bashIdSchema, noteSchema, standingProperties } from './fields.ts';
import { endWithNewline } from './outputEnds.ts';
import { compileFilter, readText, type LineTest, type OutputText } from './outputText.ts';
import { callOf, describeStanding, isOver, noteOf, standingOf } from './standing.ts';
import { defineTool, objectSchema, type ToolCall, type ToolResult } from './tool.ts';
import { untilQuiet } from './untilQuiet.ts';
import { waitForEnd } from './waitForEnd.ts';

const MAX_WAIT_MS = 50_000;
const MAX_TAIL_LINES = 10_000;

const input = v.strictObject({
  bash_id: bashId,
  filter: v.optional(v.pipe(v.string('expected a string'), v.maxLength(1000))),
  wait_ms: v.optional(wholeNumber(0, MAX_WAIT_MS)),
  tail_lines: v.optional(wholeNumber(1, MAX_TAIL_LINES)),
  from_offset: v.optional(wholeNumber(0, Number.MAX_SAFE_INTEGER)),
});
type OutputInput = v.InferOutput<typeof input>;

/** Reads on in a task's output. */
export const bashOutputTool = defineTool({
  name: 'bash_output',
  title: 'Read new output of a task',
  description: `Gives what a background task has printed since you last read it, with its status and exit code. Only complete lines while the task runs, unless it has a terminal. Each agent has its own place in the output, so nobody takes anything away from you.

- To wait for something (a server that starts, a build that ends), set wait_ms: the call returns when there are new lines (with filter: a line that matches) or the task is over. Do not call in a loop without it.
- An answer holds about 20 kB. If there is more, it says so: call again to go on, or skip: tail_lines takes the last lines only, filter the lines that match.
- After tail_lines your place is the end of the output. from_offset reads anywhere and leaves your place alone.`,
  inputSchema: objectSchema(
    {
      bash_id: bashIdSchema,
      filter: {
        type: 'string',
        maxLength: 1000,
        description:
          'A JavaScript regular expression without slashes, such as "error|warn"; lines that do not match are passed over and count as read.',
      },
      wait_ms: {
        type: 'integer',
        minimum: 0,
        maximum: MAX_WAIT_MS,
        default: 0,
        description: 'Wait that long for new output or the end of the task.',
      },
      tail_lines: {
        type: 'integer',
        minimum: 1,
        maximum: MAX_TAIL_LINES,
        description: 'Skip to the last lines.',
      },
      from_offset: {
        type: 'integer',
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Read from this byte of the output on, as an earlier answer named it.',
      },
    },
    ['bash_id'],
  ),
  outputSchema: objectSchema({
    bash_id: { type: 'string' },
    ...standingProperties,
    output: { type: 'string' },
    from_offset: { type: 'integer', description: 'In bytes of the log.' },
    to_offset: { type: 'integer', description: 'Where the next call goes on.' },
    end_offset: { type: 'integer', description: 'How much there is by now.' },
    has_more: { type: 'boolean' },
    dropped_bytes: { type: 'integer', description: 'Asked for, but no longer kept.' },
    log_file: { type: 'string' },
    note: noteSchema,
  }),
  annotations: {
    readOnlyHint: true,
    destructiveHint: false,
    // It moves the reader's place.
    idempotentHint: false,
    openWorldHint: false,
  },
  input,
  run: async (agent, given, call) => {
    const filter = given.filter === undefined ? undefined : compileFilter(given.filter);
    const found = findTask(agent.host.workspace, given.bash_id, agent.host.clock.now());
    const { task, range } = await readWhenReady(agent, found, { ...given, filter }, call);
    if (given.from_offset === undefined) agent.setCursor(task, range.to);
    return resultOf(agent, task, range, given);
  },
});

interface Reading extends Omit<OutputInput, 'filter'> {
  readonly filter: LineTest | undefined;
}

/** Reads, again and again until there is something to tell or the time is up. */
async function readWhenReady(
  agent: Agent,
  found: TaskSnapshot,
  given: Reading,
  { signal, onWaiting }: ToolCall,
): Promise<{ readonly task: TaskSnapshot; readonly range: OutputText }> {
  const { filter, wait_ms: waitMs = 0 } = given;
  const deadlineMs = performance.now() + waitMs;
  let { from, continues } = startOf(agent, found, given);
  let first: OutputText | undefined;
  for (;;) {
    const timeoutMs = Math.max(0, deadlineMs - performance.now());
    if (timeoutMs > 0) onWaiting?.(`waiting for ${found.id}`);
    const until = (): boolean => hasNews(found, from, continues);
    const includePartialLine = found.terminal !== undefined;
    const task = await waitForNews(agent.host, found, { timeoutMs, signal, until, filter });
    const range = readText(task.directory, {
      from,
      continues,
      isOver: isOver(task),
      includePartialLine,
      ...(filter === undefined ? {} : { filter }),
    });
    first ??= range;
    const isDone = range.text !== '' || isOver(task) || timeoutMs === 0 || signal.aborted;
    if (isDone) return { task, range: { ...range, from: first.from } };
    ({ to: from } = range);
    continues = true;
  }
}

async function waitForNews(
  host: TaskHost,
  found: TaskSnapshot,
  { filter, until, ...waiting }: NewsRequest,
): Promise<TaskSnapshot> {
  const startedAtMs = performance.now();
  const task = await waitForEnd(host, found, { ...waiting, until });
  // With a filter, one line is what was waited for.
  if (isOver(task) || filter !== undefined || waiting.timeoutMs === 0 || !until()) return task;
  const timeoutMs = Math.max(0, waiting.timeoutMs - (performance.now() - startedAtMs));
  return untilQuiet(host, task, { timeoutMs, signal: waiting.signal });
}

interface NewsRequest {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly until: () => boolean;
  readonly filter: LineTest | undefined;
}

function startOf(
  agent: Agent,
  task: TaskSnapshot,
  given: Omit<OutputInput, 'filter'>,
): { readonly from: number; readonly continues: boolean } {
  if (given.from_offset !== undefined) return { from: given.from_offset, continues: false };
  if (given.tail_lines !== undefined) {
    return { from: offsetOfTail(task.directory, given.tail_lines), continues: false };
  }
  const from = agent.cursor(task);
  return { from, continues: from > 0 };
}

/** A line that is not complete yet is no news, but for a terminal: what asks for an answer waits behind its question. */
function hasNews(task: TaskSnapshot, from: number, continues: boolean): boolean {
  const includePartialLine = task.terminal !== undefined;
  const piece = { from, continues, isOver: false, includePartialLine, maxBytes: 64 * 1024 };
  return readOutputBytes(task.directory, piece).to > from;
}

function resultOf(
  agent: Agent,
  task: TaskSnapshot,
  range: OutputText,
  given: OutputInput,
): ToolResult {
  // A last line that is not complete yet is not more to read now.
  const hasMore = range.to < range.endOffset && (isOver(task) || hasNews(task, range.to, true));
  const { output: logFile } = taskDirectoryAt(task.directory);
  const { id } = task;
  const note = noteOf([
    range.droppedBytes === 0
      ? undefined
      : `${formatSize(range.droppedBytes)} before this are no longer kept.`,
    hasMore
      ? `There are ${formatSize(range.endOffset - range.to)} more: ${callOf('bash_output', { bash_id: id })} goes on, ${callOf('bash_output', { bash_id: id, tail_lines: 50 })} skips to the end, and a filter takes the lines that match. All of it is in ${logFile}.`
      : undefined,
    !hasMore && !isOver(task) && range.text === '' && given.wait_ms === undefined
      ? `To wait for more: ${callOf('bash_output', { bash_id: id, wait_ms: 30_000 })}.`
      : undefined,
  ]);
  const empty = given.filter === undefined ? '(no new output)\n' : '(no new line matches)\n';
  const output = range.text === '' ? empty : endWithNewline(range.text);
  const standing = describeStanding(task, agent.host.clock.now());
  return {
    text: `${output}[${id}: ${standing}]${note === null ? '' : `\n${note}`}`,
    structured: {
      bash_id: id,
      ...standingOf(task),
      output: range.text,
      from_offset: range.from,
      to_offset: range.to,
      end_offset: range.endOffset,
      has_more: hasMore,
      dropped_bytes: range.droppedBytes,
      log_file: logFile,
      note,
    },
  };
}

function wholeNumber(min: number, max: number): v.GenericSchema<unknown, number> {
  return v.pipe(
    v.number('expected a number'),
    v.integer('expected a whole number'),
    v.minValue(min, `expected at least ${min}`),
    v.maxValue(max, `expected at most ${max}`),
  );
}
