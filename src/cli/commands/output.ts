import type { Command } from 'commander';
import { HoldfastError } from '../../core/common/errors.ts';
import { findTask } from '../../core/tasks/listTasks.ts';
import { offsetOfTail } from '../../core/tasks/output.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import { openHost, reviveWatcher, type CommonOptions } from '../context.ts';
import { followOutput, takeOutput } from '../followOutput.ts';
import { parseCount, parseRegex } from '../optionValues.ts';
import {
  JsonLinesPrinter,
  JsonPrinter,
  TextPrinter,
  type OutputPrinter,
} from '../outputPrinter.ts';
import { addCommand } from '../program.ts';
import { openCursor, type ReaderCursor } from '../readerCursor.ts';
import { statusWords } from '../statusWords.ts';
import { tell } from '../stdio.ts';

interface OutputOptions extends CommonOptions {
  readonly new?: boolean;
  readonly from?: number;
  readonly tail?: number;
  readonly filter?: RegExp;
  readonly follow?: boolean;
  readonly reader?: string;
  readonly session?: string;
}

const DEFAULT_READER = 'cli';

export function define(program: Command): void {
  addCommand(program, 'output', {
    summary: 'print what a task has written',
    details:
      'The text goes to stdout as the task wrote it. With --new, --filter and --json, a last line that is not complete yet is left for later. With --follow --json there is one object a line for each piece.',
    example: `holdfast output bash_1 --tail 50 --follow
holdfast output bash_1 --new --filter 'error|warning'`,
  })
    .argument('<id>', 'the task: bash_3, or 3')
    .option('--new', 'what has come since this reader last asked')
    .option('--from <offset>', 'begin at that byte of all the output ever written', parseCount)
    .option('--tail <lines>', 'the last lines only', parseCount)
    .option('--filter <regex>', 'only lines that match (a JavaScript expression)', parseRegex)
    .option('--follow', 'go on printing until the task ends')
    .option('--reader <name>', `who reads with --new (default: ${DEFAULT_READER})`)
    .option('--session <id>', 'for which session (default: $HOLDFAST_SESSION, else its own)')
    .action(showOutput);
}

async function showOutput(id: string, options: OutputOptions): Promise<void> {
  requireOneStart(options);
  const host = openHost(options);
  const task = findTask(host.workspace, id, host.clock.now());
  const { reader = DEFAULT_READER, session } = options;
  const cursor = options.new ? await openCursor(host, task, { reader, session }) : undefined;
  const from = cursor?.start ?? startOf(task, options);
  const printer = createPrinter(task, from, options);
  const reading = {
    from,
    isFromAnywhere: options.from !== undefined,
    includePartialLine:
      !options.new && !options.filter && (!options.json || options.follow === true),
    take: (piece: Parameters<OutputPrinter['take']>[0]) => printer.take(piece),
  };
  await reviveWatcher(host);
  try {
    const ended = options.follow ? await follow(task, reading, { printer, cursor }) : task;
    if (options.follow && !options.json) tellEnd(task, ended);
    if (!options.follow) await takeOutput(task, reading);
    await printer.finish(ended ?? task);
  } finally {
    // What stdout has taken counts as read, also when the one who reads it went away half-way.
    cursor?.finish(printer.takenTo);
  }
}

function follow(
  task: TaskSnapshot,
  reading: Parameters<typeof takeOutput>[1],
  { printer, cursor }: { printer: OutputPrinter; cursor: ReaderCursor | undefined },
): Promise<TaskSnapshot | undefined> {
  const onCaughtUp = (): void => {
    cursor?.moveTo(printer.takenTo);
  };
  return followOutput(task, { ...reading, onCaughtUp });
}

function tellEnd(task: TaskSnapshot, ended: TaskSnapshot | undefined): void {
  tell(ended === undefined ? `${task.id} was removed` : `${task.id}: ${statusWords(ended)}`);
}

function requireOneStart(options: OutputOptions): void {
  const chosen = [options.new && '--new', options.from !== undefined && '--from']
    .concat(options.tail !== undefined && '--tail')
    .filter((name) => typeof name === 'string');
  if (chosen.length > 1) {
    throw new HoldfastError('input.invalid', `${chosen.join(' and ')} exclude each other`);
  }
  if ((options.reader ?? options.session) !== undefined && !options.new) {
    throw new HoldfastError('input.invalid', '--reader and --session belong to --new');
  }
}

function startOf(task: TaskSnapshot, options: OutputOptions): number {
  if (options.tail === 0) return task.outputBytes;
  if (options.tail !== undefined) return offsetOfTail(task.directory, options.tail);
  return options.from ?? 0;
}

function createPrinter(task: TaskSnapshot, from: number, options: OutputOptions): OutputPrinter {
  const { filter } = options;
  if (!options.json) return new TextPrinter(from, filter);
  return options.follow
    ? new JsonLinesPrinter(task, from, filter)
    : new JsonPrinter(task, from, filter);
}
