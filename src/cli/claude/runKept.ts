import type { NewAgent } from '../../core/agents/claude-code/background/agentRecord.ts';
import type { ClaudeLaunch } from '../../core/agents/claude-code/transcripts/claudeLaunch.ts';
import { ownSize } from '../attach/attachTerminal.ts';
import { DEFAULT_DETACH_KEY, parseDetachKey } from '../attach/detachKey.ts';
import { attachToNew } from '../commands/attach.ts';
import { openHost } from '../context.ts';
import { sessionForTask } from '../sessions/sessionForTask.ts';
import { writeLine } from '../stdio.ts';
import { startedLine } from '../taskJson.ts';
import { startFromTerminal } from './agentRequest.ts';
import type { TranscriptOptions } from './openTranscripts.ts';

/** What of a launch the command in a kept terminal is told. */
export type KeptAgent = Omit<NewAgent, 'mode' | 'session'>;

/**
 * Starts Claude Code in a kept terminal, and takes that into this one where this is one.
 * @throws HoldfastError `claude.notInstalled`, `terminal.unavailable`, and as starting a task does.
 */
export async function runKept(
  launch: ClaudeLaunch,
  kept: KeptAgent,
  options: TranscriptOptions,
): Promise<void> {
  const host = openHost({ ...options, workspace: options.workspace ?? launch.cwd });
  const session = await sessionForTask(host, undefined);
  const task = await startFromTerminal(
    host,
    {
      agent: { ...kept, mode: 'terminal', session: launch.sessionId },
      terminal: ownSize(),
      cwd: launch.cwd,
      ...(session === undefined ? {} : { session }),
    },
    undefined,
  );
  if (process.stdin.isTTY && process.stdout.isTTY) {
    await attachToNew(host, task, parseDetachKey(DEFAULT_DETACH_KEY));
    return;
  }
  await writeLine(startedLine(task));
}
