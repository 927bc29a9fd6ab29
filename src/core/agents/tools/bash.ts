import path from 'node:path';
import * as v from 'valibot';
import { HoldfastError } from '../../common/errors.ts';
import { requireDirectory } from '../../tasks/startTask.ts';
import { taskDirectoryAt } from '../../tasks/taskDirectory.ts';
import { taskDurationMs } from '../../tasks/describeTask.ts';
import type { TaskSnapshot } from '../../tasks/types.ts';
import type { Agent } from './agent.ts';
import type { ShellStart } from './agentShell.ts';
import { noteSchema, standingProperties, commandAnnotations } from './fields.ts';
import {
  forget,
  keepInBackground,
  runForeground,
  startCommand,
  type CommandRequest,
} from './foregroundCommand.ts';
import { endWithNewline, readEnds, type OutputEnds } from './outputEnds.ts';
import { callOf, describeStanding, isOver, noteOf, standingOf } from './standing.ts';
import { defineTool, objectSchema, type ToolCall, type ToolResult } from './tool.ts';
import { waitForEnd } from './waitForEnd.ts';

/** Below the 60 s after which many clients give up on a call, and with it on the command. */
const DEFAULT_TIMEOUT_MS = 45_000;
const MAX_TIMEOUT_MS = 600_000;
/** The kernel takes 128 KiB as one argument of a program (MAX_ARG_STRLEN of Linux). */
const MAX_COMMAND_CHARS = 30_000;
/** As most programs expect it; wide, since lines of a terminal are broken at its edge. */
const TERMINAL_SIZE = { columns: 160, rows: 40 };
/** Within this time most commands that cannot work have failed. */
const FIRST_LOOK_MS = 100;

const input = v.strictObject({
  command: v.pipe(
    v.string('expected a string'),
    v.minLength(1, 'is empty'),
    v.maxLength(MAX_COMMAND_CHARS, 'is too long: write it into a script file and run that'),
  ),
  description: v.optional(v.pipe(v.string('expected a string'), v.maxLength(200))),
  timeout: v.optional(
    v.pipe(
      v.number('expected a number of milliseconds'),
      v.integer('expected whole milliseconds'),
      v.minValue(1, 'expected at least 1 millisecond'),
      v.maxValue(MAX_TIMEOUT_MS, `expected at most ${MAX_TIMEOUT_MS}; use run_in_background`),
    ),
  ),
  run_in_background: v.optional(v.boolean('expected true or false')),
  terminal: v.optional(v.boolean('expected true or false')),
  cwd: v.optional(v.pipe(v.string('expected a string'), v.minLength(1, 'is empty'))),
});
type BashInput = v.InferOutput<typeof input>;

/** Runs a command, and waits for it or not. */
export const bashTool = defineTool({
  name: 'bash',
  title: 'Run a shell command',
  description: `Runs a command in Bash on the user's machine, in the workspace folder unless told otherwise.

- The working directory and exported variables carry over to your next command. Aliases, functions and shell options do not. There is no terminal, and standard input is empty, unless you set terminal.
- Servers, watchers, long builds: set run_in_background. You get an id such as bash_3 at once; the task then outlives this conversation, the client and the editor. Do not append "&" or use nohup. Read what it prints with bash_output, end it with kill_bash.
- Any other command is waited for, by default ${DEFAULT_TIMEOUT_MS / 1000} seconds. One that takes longer is not killed: it goes on as a background task, and you are told its id.
- The result holds the exit code and the output (standard output and standard error in order, without colours). Of long output you get the beginning and the end; the rest stays readable.`,
  inputSchema: objectSchema(
    {
      command: {
        type: 'string',
        minLength: 1,
        maxLength: MAX_COMMAND_CHARS,
        description: 'The command line; several lines are fine.',
      },
      description: {
        type: 'string',
        maxLength: 200,
        description: 'What it is for, in 5 to 10 words; the user sees it as the title of the task.',
      },
      timeout: {
        type: 'integer',
        minimum: 1,
        maximum: MAX_TIMEOUT_MS,
        default: DEFAULT_TIMEOUT_MS,
        description:
          'How long to wait, in milliseconds. Some clients give up on a call after 60 seconds, which ends the command: rather use run_in_background.',
      },
      run_in_background: {
        type: 'boolean',
        default: false,
        description: 'Start it as a background task, and do not wait for its end.',
      },
      terminal: {
        type: 'boolean',
        default: false,
        description:
          'Start it in the background in a terminal, so that send_bash can answer what it asks: installers, REPLs, debuggers.',
      },
      cwd: {
        type: 'string',
        minLength: 1,
        description:
          'Run this one command in another directory; relative to the current one, or absolute.',
      },
    },
    ['command'],
  ),
  outputSchema: objectSchema({
    bash_id: {
      type: ['string', 'null'],
      description: 'Of the task that can be read; null if it is over and told whole.',
    },
    ...standingProperties,
    output: { type: 'string', description: 'Both streams in order.' },
    is_complete: {
      type: 'boolean',
      description: 'Whether the output is all that the command has written.',
    },
    cwd: { type: 'string', description: 'Where your next command runs.' },
    duration_ms: { type: ['integer', 'null'] },
    note: noteSchema,
  }),
  annotations: commandAnnotations,
  input,
  run: (agent, given, call) => {
    const start = agent.shell.start(agent.host.environment);
    const request: CommandRequest = {
      line: given.command,
      title: given.description,
      cwd: directoryFor(agent, given, start),
      start,
    };
    const hasTerminal = given.terminal === true;
    return given.run_in_background === true || hasTerminal
      ? runInBackground(agent, request, call, hasTerminal)
      : runAndWait(agent, request, given.timeout ?? DEFAULT_TIMEOUT_MS, call);
  },
});

/**
 * Where a command runs. A directory that carried over may be gone by now: then nothing runs, since the command was
 * meant for another place than the one we would choose.
 * @throws HoldfastError `task.cwdMissing`.
 */
function directoryFor(agent: Agent, given: BashInput, start: ShellStart): string {
  const wanted = path.resolve(start.cwd, given.cwd ?? '.');
  try {
    requireDirectory(wanted);
    return wanted;
  } catch (error) {
    if (given.cwd !== undefined || !HoldfastError.is(error, 'task.cwdMissing')) throw error;
    agent.shell.moveTo(agent.root);
    throw new HoldfastError(
      'task.cwdMissing',
      `nothing was run: your working directory ${wanted} is gone. It is ${agent.root} now; call again if the command fits there`,
      { data: { cwd: wanted, isReset: true }, cause: error },
    );
  }
}

async function runInBackground(
  agent: Agent,
  request: CommandRequest,
  { signal }: ToolCall,
  hasTerminal: boolean,
): Promise<ToolResult> {
  const terminal = hasTerminal ? { terminal: TERMINAL_SIZE } : {};
  const started = await startCommand(agent, request, terminal);
  agent.noteTask(started);
  const task = await waitForEnd(agent.host, started, { timeoutMs: FIRST_LOOK_MS, signal });
  const shown = readEnds(task.directory, {
    isOver: isOver(task),
    includePartialLine: hasTerminal,
  });
  agent.setCursor(task, shown.to);
  const { id } = task;
  const send = hasTerminal
    ? `, type into it with ${callOf('send_bash', { bash_id: id, text: 'y\n' })}`
    : '';
  const calls = `Read what it prints next with ${callOf('bash_output', { bash_id: id })}${send}, end it with ${callOf('kill_bash', { bash_ids: [id] })}.`;
  return resultOf(agent, task, shown, {
    isListed: true,
    state: isOver(task)
      ? `${id} is over already: ${describeStanding(task, agent.host.clock.now())}`
      : `${id} runs in the background`,
    note: noteOf([isOver(task) ? restNote(task, shown) : calls, secretsNote(request.start)]),
  });
}

async function runAndWait(
  agent: Agent,
  request: CommandRequest,
  timeoutMs: number,
  call: ToolCall,
): Promise<ToolResult> {
  const finished = await runForeground(agent, request, { timeoutMs, call });
  const { task, started, leftProcesses } = finished;
  try {
    const isEnded = isOver(task);
    const shown = readEnds(task.directory, { isOver: isEnded, includePartialLine: true });
    const isTold = isEnded && shown.isComplete && leftProcesses === 0;
    if (isTold) await forget(agent.host, started);
    else {
      keepInBackground(agent, task);
      agent.setCursor(task, shown.to);
    }
    const standing = describeStanding(task, agent.host.clock.now());
    return resultOf(agent, task, shown, {
      isListed: !isTold,
      state: isEnded ? standing : runsStill(task, call, timeoutMs),
      note: noteOf([
        isEnded ? restNote(task, shown) : goesOnNote(task),
        leftProcesses === 0 ? undefined : leftNote(task, leftProcesses),
        secretsNote(request.start),
      ]),
    });
  } catch (error) {
    // What cannot be told now must be there to be asked for.
    keepInBackground(agent, task);
    throw error;
  }
}

function runsStill({ id }: TaskSnapshot, { leave }: ToolCall, timeoutMs: number): string {
  return leave?.aborted === true
    ? `${id} still runs; the user stopped waiting for it`
    : `${id} still runs after ${timeoutMs / 1000} s`;
}

interface Telling {
  readonly state: string;
  readonly note: string | null;
  readonly isListed: boolean;
}

function resultOf(
  agent: Agent,
  task: TaskSnapshot,
  shown: OutputEnds,
  { state, note, isListed }: Telling,
): ToolResult {
  const { cwd } = agent.shell;
  const durationMs = taskDurationMs(task, agent.host.clock.now());
  const where = cwd === task.cwd ? '' : `; now in ${cwd}`;
  const output = shown.text === '' ? '(no output)\n' : endWithNewline(shown.text);
  return {
    text: `${output}[${state}${where}]${note === null ? '' : `\n${note}`}`,
    structured: {
      bash_id: isListed ? task.id : null,
      ...standingOf(task),
      output: shown.text,
      is_complete: isOver(task) && shown.isComplete,
      cwd,
      duration_ms: durationMs === undefined ? null : Math.round(durationMs),
      note,
    },
  };
}

function goesOnNote({ id }: TaskSnapshot): string {
  return `It was not stopped: it goes on as ${id}. Wait for more with ${callOf('bash_output', { bash_id: id, wait_ms: 30_000 })}, end it with ${callOf('kill_bash', { bash_ids: [id] })}. What it changes in its directory or environment no longer carries over.`;
}

function restNote(task: TaskSnapshot, shown: OutputEnds): string | undefined {
  if (shown.isComplete) return undefined;
  const { output } = taskDirectoryAt(task.directory);
  const { id } = task;
  return `The output is longer than an answer and stays readable as ${id}: ${callOf('bash_output', { bash_id: id })} goes on after the beginning, ${callOf('bash_output', { bash_id: id, filter: 'error|warning' })} takes the lines that match. All of it is in ${output}.`;
}

function leftNote({ id }: TaskSnapshot, count: number): string {
  const [processes, them] = count === 1 ? ['a process', 'it'] : [`${count} processes`, 'them'];
  return `The command left ${processes} running, kept as ${id}: ${callOf('kill_bash', { bash_ids: [id] })} ends ${them}.`;
}

function secretsNote({ forgottenSecrets }: ShellStart): string | undefined {
  return forgottenSecrets.length === 0
    ? undefined
    : `Not set any more: ${forgottenSecrets.join(', ')}. Values that look like secrets are never stored; export them again if you need them.`;
}
