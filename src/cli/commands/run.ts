import path from 'node:path';
import { Option, type Command } from 'commander';
import { commandFromArguments, defaultShell } from '../../core/tasks/commandLine.ts';
import { leaseHoldersIn } from '../../core/tasks/leases.ts';
import { readWorkspaceSettings } from '../../core/store/workspaceSettings.ts';
import { lineBufferingWrapper } from '../../core/tasks/lineBuffering.ts';
import { startedPid } from '../../core/tasks/startedPid.ts';
import { startTask } from '../../core/tasks/startTask.ts';
import type { TaskHost } from '../../core/tasks/taskHost.ts';
import type { ShutdownPolicy, TaskPolicy, TaskSnapshot } from '../../core/tasks/types.ts';
import type { TerminalSize } from '../../core/terminals/terminalSize.ts';
import { ownSize } from '../attach/attachTerminal.ts';
import type { DetachKey } from '../attach/detachKey.ts';
import { absolutePath, openHost, type CommonOptions } from '../context.ts';
import { exitWithTask } from '../exitWithTask.ts';
import {
  collectVariable,
  parseOutputLimit,
  parseTerminalSize,
  parseWholeSeconds,
} from '../optionValues.ts';
import { addCommand } from '../program.ts';
import { noteTask, sessionForTask } from '../sessions/sessionForTask.ts';
import { attachToNew, detachKeyOption, requireOwnTerminal } from './attach.ts';
import { tell, writeJson, writeLine } from '../stdio.ts';
import { startedJson, startedLine, taskJson } from '../taskJson.ts';
import { detachOnInterrupt } from '../waitForTask.ts';

interface RunOptions extends CommonOptions {
  readonly session?: string;
  readonly name?: string;
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly timeLimit?: number;
  readonly outputLimit?: number;
  readonly onShutdown?: ShutdownPolicy;
  readonly grace?: number;
  readonly shell?: string;
  readonly wait?: boolean;
  readonly tty?: boolean;
  readonly size?: TerminalSize;
  readonly attach?: boolean;
  readonly detachKey: DetachKey;
}

export function define(program: Command): void {
  addCommand(program, 'run', {
    summary: 'start a command that goes on by itself',
    details:
      'One argument is a shell line; several are a program and its arguments, which reach it unchanged. Options stand before the command; whatever follows its first word is its own. What is set for the folder in the editor (limits of output and time, grace, line buffering) counts here, too.',
    example: `holdfast run -- npm run dev
holdfast run --name build --time-limit 600 --wait -- 'make clean && make'
holdfast run --tty -- htop`,
  })
    .argument('<command...>', 'a shell line, or a program with its arguments')
    .passThroughOptions()
    .option('--session <id>', 'the session that the task belongs to (default: $HOLDFAST_SESSION)')
    .option('--name <text>', 'a title to tell the task by')
    .option('--cwd <dir>', 'where to run it (default: the current directory)')
    .option('--env <name=value>', 'a variable for it; may be repeated', collectVariable)
    .option('--time-limit <sec>', 'end it after that time (default: never)', parseWholeSeconds)
    .option(
      '--output-limit <size>',
      'keep that much of its output (default: 64M)',
      parseOutputLimit,
    )
    .addOption(
      new Option(
        '--on-shutdown <what>',
        'whether it outlives the last window of its folder (default: keep)',
      ).choices(['keep', 'terminate']),
    )
    .option('--grace <sec>', 'time to end by itself when asked to (default: 5)', parseWholeSeconds)
    .option('--shell <path>', 'the shell for a shell line (default: yours)')
    .option(
      '--wait',
      'print its output until it ends, and exit with its exit code; Ctrl+C detaches',
    )
    .option('--tty', 'run it in a terminal of its own; see `holdfast attach`')
    .option('--size <columns>x<rows>', 'how large that terminal is at first', parseTerminalSize)
    .option('--attach', 'run it in a terminal of its own, and take that into this one')
    .addOption(detachKeyOption())
    .action(run);
}

async function run(words: string[], options: RunOptions): Promise<void> {
  const host = openHost(options);
  if (options.attach) requireOwnTerminal(undefined);
  // Before the start: a Ctrl+C from now on must not leave a task that nobody was told of.
  const detachment = options.wait ? detachOnInterrupt() : undefined;
  const session = await sessionForTask(host, options.session);
  const task = await start(host, words, { ...options, session });
  if (session !== undefined) await noteTask(host, session, task);
  if (options.attach) {
    detachment?.dispose();
    await attachToNew(host, task, options.detachKey);
    return;
  }
  if (detachment !== undefined) {
    const isJson = options.json === true;
    if (!isJson) tell(`${task.id} runs (pid ${startedPid(task) ?? 'unknown'})`);
    const ended = await exitWithTask(host, task, { detachment, isSilent: isJson });
    if (isJson && ended !== undefined) {
      await writeJson({ ...taskJson(ended), ...startedJson(ended) });
    }
    return;
  }
  if (options.json) {
    await writeJson(startedJson(task));
  } else {
    await writeLine(startedLine(task));
  }
  warnOfShutdown(host, task);
}

function start(
  host: TaskHost,
  words: string[],
  options: Omit<RunOptions, 'session'> & { readonly session: string | undefined },
): Promise<TaskSnapshot> {
  const settings = readWorkspaceSettings(host.workspace);
  const hasTerminal = options.tty === true || options.attach === true;
  return startTask(host, {
    command: commandFromArguments(words),
    shell: defaultShell(process.env, options.shell),
    cwd: absolutePath(options.cwd ?? '.'),
    ...(options.name === undefined ? {} : { title: options.name }),
    ...(options.session === undefined ? {} : { session: options.session }),
    environment: {
      // What the task itself starts with `holdfast run` belongs to the same session.
      ...(options.session === undefined ? {} : { HOLDFAST_SESSION: options.session }),
      ...options.env,
    },
    policy: policyOf(options, settings.policy),
    ...(hasTerminal ? { terminal: options.size ?? ownSize() } : {}),
    ...(settings.lineBuffering && !hasTerminal
      ? { wrapper: lineBufferingWrapper(host.environment) }
      : {}),
    retention: settings.retention,
  });
}

function policyOf(options: Omit<RunOptions, 'session'>, given: TaskPolicy): TaskPolicy {
  return {
    shutdown: options.onShutdown ?? given.shutdown,
    outputLimitBytes: options.outputLimit ?? given.outputLimitBytes,
    timeLimitSec: options.timeLimit ?? given.timeLimitSec,
    stopGraceSec: options.grace ?? given.stopGraceSec,
    leaseGraceSec: given.leaseGraceSec,
  };
}

/** With `terminate` and no window, the command would end a minute later, to its user's surprise. */
function warnOfShutdown(host: TaskHost, task: TaskSnapshot): void {
  if (
    task.policy.shutdown !== 'terminate' ||
    leaseHoldersIn(path.join(host.workspace.directory, 'leases')).length > 0
  )
    return;
  tell(
    `no window has ${host.workspace.folder} open: ${task.id} is ended in ${task.policy.leaseGraceSec} s unless one opens`,
  );
}
