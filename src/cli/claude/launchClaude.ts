import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import {
  launchBranch,
  launchNew,
  launchResume,
  type ClaudeLaunch,
} from '../../core/agents/claude-code/transcripts/claudeLaunch.ts';
import { guardTranscript } from '../../core/agents/claude-code/transcripts/guardTranscript.ts';
import type { ListedTranscript } from '../../core/agents/claude-code/transcripts/listTranscripts.ts';
import { requireNotLive } from '../../core/agents/claude-code/transcripts/replaceTranscript.ts';
import { keepSessionName } from '../../core/agents/claude-code/transcripts/sessionNames.ts';
import { projectSlug } from '../../core/agents/claude-code/transcripts/claudeDirectory.ts';
import { transcriptPath } from '../../core/agents/claude-code/transcripts/transcriptFiles.ts';
import { HoldfastError } from '../../core/common/errors.ts';
import { takeSessionLease } from '../../core/sessions/sessionLease.ts';
import { workspaceOf } from '../../core/store/workspace.ts';
import { tell, writeJson } from '../stdio.ts';
import {
  folderOf,
  openGuard,
  readTranscripts,
  requireTranscript,
  type TranscriptOptions,
} from './openTranscripts.ts';
import { runClaude } from './runClaude.ts';
import { runKept, type KeptAgent } from './runKept.ts';

const POLL_MS = 1000;

interface LaunchOptions extends TranscriptOptions {
  readonly wait?: boolean;
  readonly branch?: boolean;
  readonly name?: string;
  readonly kept?: boolean;
}

export async function resume(given: string, more: string[], command: Command): Promise<void> {
  const options = command.optsWithGlobals<LaunchOptions>();
  await goOn(requireTranscript(options, given), more, options);
}

export async function continueLatest(more: string[], command: Command): Promise<void> {
  const options = command.optsWithGlobals<LaunchOptions>();
  const { sessions, folder } = readTranscripts({ ...options, allProjects: false });
  // Claude Code itself passes over those that a program has driven, too.
  const latest = sessions.find(({ entrypoint }) => entrypoint !== 'sdk-cli') ?? sessions[0];
  if (latest === undefined) {
    const message = `there is no session of Claude Code in ${folder ?? ''}`;
    throw new HoldfastError('claude.sessionNotFound', message);
  }
  await goOn(latest, more, options);
}

export async function branch(given: string, more: string[], command: Command): Promise<void> {
  const options = command.optsWithGlobals<LaunchOptions>();
  await goOnWithCopy(requireTranscript(options, given), more, options);
}

export async function startNew(more: string[], command: Command): Promise<void> {
  const options = command.optsWithGlobals<LaunchOptions>();
  const { home, claudeDirectory } = openGuard();
  const cwd = folderOf(options, home);
  const id = randomUUID();
  const { name } = options;
  const launch = launchNew({ id, cwd, name }, { claudeDirectory, more });
  if (name !== undefined && options.json !== true) keepSessionName(home, cwd, name, id);
  await run(launch, { sessionName: name, args: more }, options);
}

async function goOn(
  session: ListedTranscript,
  more: string[],
  options: LaunchOptions,
): Promise<void> {
  const { claudeDirectory } = openGuard();
  const launch = launchResume(session, { claudeDirectory, more });
  const way = await untilFree(session.id, options);
  if (way === 'branch') await goOnWithCopy(session, more, options);
  else await run(launch, { args: more }, options);
}

async function goOnWithCopy(
  session: ListedTranscript,
  more: string[],
  options: LaunchOptions,
): Promise<void> {
  const { claudeDirectory } = openGuard();
  const launch = launchBranch(session, randomUUID(), { claudeDirectory, more });
  await run(launch, { branchOf: session.id, args: more }, options);
}

/**
 * Two processes on one session would each lose what the other one writes: waits for the other's end or goes for a copy,
 * as the user likes. @throws HoldfastError `claude.sessionLive` when nobody can be asked.
 */
async function untilFree(id: string, options: LaunchOptions): Promise<'resume' | 'branch'> {
  const host = openGuard();
  let isWaiting = options.wait === true;
  let isTold = false;
  for (;;) {
    try {
      requireNotLive(host, id);
      return 'resume';
    } catch (error) {
      if (!HoldfastError.is(error, 'claude.sessionLive')) throw error;
      if (options.branch === true) return 'branch';
      if (!isWaiting) {
        const answer = await askWhatToDo(error);
        if (answer === 'branch') return 'branch';
        isWaiting = true;
      }
      if (!isTold) tell('waiting until it is closed there; Ctrl+C gives up');
      isTold = true;
      await delay(POLL_MS);
    }
  }
}

async function askWhatToDo(error: HoldfastError): Promise<'wait' | 'branch'> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw error;
  const { createInterface } = await import('node:readline/promises');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const where = `It is open in process ${String(error.data['pid'])} already.`;
    const answer = await prompt.question(`${where} [w]ait, [b]ranch, or leave it [Enter]? `);
    if (/^b/i.test(answer)) return 'branch';
    if (/^w/i.test(answer)) return 'wait';
    throw error;
  } finally {
    prompt.close();
  }
}

/** With `--json` nothing is run: it says how. */
async function run(launch: ClaudeLaunch, kept: KeptAgent, options: LaunchOptions): Promise<void> {
  if (options.json === true) {
    await writeJson(launch);
    return;
  }
  if (options.kept === true) await runKept(launch, kept, options);
  else await runLaunch(launch);
}

/**
 * Runs Claude Code in our place as a launch says, or what does so; its session is guarded, and nobody else of us opens
 * it meanwhile. Our exit code becomes its own.
 * @throws HoldfastError `claude.sessionLive`, and as {@link runClaude}.
 */
export async function runLaunch(
  launch: ClaudeLaunch,
  runIt: () => Promise<number> = () => runClaude(launch.argv, launch.cwd, launch.env),
): Promise<void> {
  const host = openGuard();
  const { sessionId, cwd } = launch;
  const transcript = transcriptPath(host.claudeDirectory, projectSlug(cwd), sessionId);
  const workspace = workspaceOf(host.home, cwd);
  // Until Claude Code has noted that it has the session, another one of us could start it, too.
  const outcome = takeSessionLease({ ...host, workspace, face: 'cli' }, `claude-${sessionId}`);
  if (outcome.kind === 'held') {
    const { pid } = outcome.holder.identity;
    throw new HoldfastError('claude.sessionLive', `the session ${sessionId} is being opened`, {
      data: { id: sessionId, pid },
    });
  }
  try {
    await guardTranscript(host, transcript);
    process.chdir(cwd);
    process.exitCode = await runIt();
    await guardTranscript(host, transcript);
  } finally {
    outcome.lease.dispose();
  }
}
