import { randomUUID } from 'node:crypto';
import { Option, type Command } from 'commander';
import { pathWithClaude } from '../../core/agents/claude-code/background/findClaude.ts';
import { requireNotLive } from '../../core/agents/claude-code/transcripts/replaceTranscript.ts';
import type { ShutdownPolicy } from '../../core/tasks/types.ts';
import { openHost } from '../context.ts';
import { addCommand } from '../program.ts';
import { sessionForTask } from '../sessions/sessionForTask.ts';
import { writeJson, writeLine } from '../stdio.ts';
import { startedJson, startedLine } from '../taskJson.ts';
import { startFromTerminal } from './agentRequest.ts';
import { openGuard, requireTranscript, type TranscriptOptions } from './openTranscripts.ts';

interface BackgroundOptions extends TranscriptOptions {
  readonly name?: string;
  readonly session?: string;
  readonly resume?: string;
  readonly onShutdown?: ShutdownPolicy;
}

export function defineBackground(claude: Command): void {
  addCommand(claude, 'background', {
    summary: 'have Claude work on a prompt as a task that does not need this terminal',
    details:
      'Its output says what it does. What it may not do without asking it asks, and waits: see `holdfast claude questions`. It goes on when the editor stops, unless --on-shutdown terminate or PERSIST_CLAUDE_SESSIONS=false (in the environment or in the folder’s .env) says otherwise. What stands behind -- is for `claude` itself.',
    example: `holdfast claude background 'make the tests pass'
holdfast claude background --resume 1f0c2d 'now the documentation'
holdfast claude background 'review the diff' -- --permission-mode plan`,
  })
    .argument('<prompt>', 'what Claude is to do')
    .argument('[arguments...]', 'what stands behind -- is for `claude` itself')
    .option('--name <text>', 'a title to tell the task by (default: the prompt)')
    .option('--session <id>', 'the session that notes it (default: $HOLDFAST_SESSION)')
    .option('--resume <id>', 'go on with a session of Claude Code')
    .addOption(
      new Option(
        '--on-shutdown <what>',
        'whether it outlives the last window of its folder (default: keep)',
      ).choices(['keep', 'terminate']),
    )
    .action(runInBackground);
}

async function runInBackground(
  prompt: string,
  more: string[],
  _options: unknown,
  command: Command,
): Promise<void> {
  const options = command.optsWithGlobals<BackgroundOptions>();
  const resumed = options.resume === undefined ? undefined : resumable(options, options.resume);
  const host = openHost(options);
  // Before a session is begun for nothing.
  pathWithClaude(host.environment);
  const session = await sessionForTask(host, options.session);
  const task = await startFromTerminal(
    host,
    {
      agent: { mode: 'background', session: resumed?.id ?? randomUUID(), args: more },
      prompt,
      ...(resumed?.cwd === undefined ? {} : { cwd: resumed.cwd }),
      ...(options.name === undefined ? {} : { title: options.name }),
      ...(session === undefined ? {} : { session }),
    },
    options.onShutdown,
  );
  if (options.json === true) {
    await writeJson({ ...startedJson(task), claudeSession: task.agent?.session ?? null });
  } else {
    await writeLine(startedLine(task));
  }
}

/** @throws HoldfastError `claude.sessionNotFound`, `claude.sessionLive`. */
function resumable(
  options: TranscriptOptions,
  given: string,
): { readonly id: string; readonly cwd: string | undefined } {
  const { id, cwd } = requireTranscript(options, given);
  requireNotLive(openGuard(), id);
  return { id, cwd };
}
