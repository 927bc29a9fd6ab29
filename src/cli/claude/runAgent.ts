import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import {
  noteAnswered,
  noteAsked,
  type JournalledAgent,
} from '../../core/agents/claude-code/background/agentJournal.ts';
import {
  agentEnvironment,
  launchAgent,
  type AgentLaunch,
} from '../../core/agents/claude-code/background/agentLaunch.ts';
import { readAgent } from '../../core/agents/claude-code/background/agentRecord.ts';
import { driveClaude } from '../../core/agents/claude-code/background/driveClaude.ts';
import { argumentsForOneRun } from '../../core/agents/claude-code/oneRun.ts';
import { projectSlug } from '../../core/agents/claude-code/transcripts/claudeDirectory.ts';
import { transcriptPath } from '../../core/agents/claude-code/transcripts/transcriptFiles.ts';
import { PermissionGate } from '../../core/agents/conversation/permissionGate.ts';
import { HoldfastError, unreadable } from '../../core/common/errors.ts';
import { readJsonSync } from '../../core/common/jsonFile.ts';
import { ordinaryMode } from '../../core/permissions/decideInWorkspace.ts';
import { loadShellGrammar } from '../../core/permissions/shell/grammar.ts';
import { Journal } from '../../core/sessions/journal.ts';
import { SessionStore } from '../../core/sessions/sessionStore.ts';
import { exitRecordSchema } from '../../core/tasks/records.ts';
import { requireTask } from '../../core/tasks/startTask.ts';
import { taskDirectoryOf, type TaskDirectory } from '../../core/tasks/taskDirectory.ts';
import type { TaskHost } from '../../core/tasks/taskHost.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import { openHost, type CommonOptions } from '../context.ts';
import { writeOutNow } from '../stdio.ts';
import { runLaunch } from './launchClaude.ts';
import { openGuard } from './openTranscripts.ts';

/** What an agent that was interrupted is told when its task is run again. */
const GO_ON = 'You were interrupted. Go on with what you were asked to do.';

/**
 * The command of a task that is an agent (see startAgent.ts): runs Claude Code as the task's own records say, and ends
 * with its exit code. Not for people.
 */
export async function runAgent(command: Command): Promise<void> {
  const host = openHost(command.optsWithGlobals<CommonOptions>());
  const id = process.env['HOLDFAST_TASK_ID'];
  if (id === undefined) {
    throw new HoldfastError(
      'input.invalid',
      'this is what tasks run; use holdfast claude background',
    );
  }
  const files = taskDirectoryOf(host.workspace, id);
  const task = requireTask(files, host.clock.now());
  const agent = readAgent(files);
  const { claudeDirectory } = openGuard();
  const launch = launchAgent(agent, { cwd: task.cwd, claudeDirectory });
  if (agent.mode === 'terminal') await runLaunch(launch);
  else await runLaunch(launch, () => work(host, task, launch));
}

/** Works on the task's prompt; gives the exit code. */
async function work(host: TaskHost, task: TaskSnapshot, launch: AgentLaunch): Promise<number> {
  const files = taskDirectoryOf(host.workspace, task.id);
  const prompt = promptOf(files, task, launch);
  const environment = agentEnvironment(process.env, {
    ...launch.env,
    HOLDFAST_HOME: host.workspace.home,
    // Otherwise Claude Code hides the session from its own list.
    CLAUDE_CODE_ENTRYPOINT: 'holdfast',
  });
  const agent = { task: task.id, session: task.session ?? '', claudeSession: launch.sessionId };
  if (task.session !== undefined) noteAsked(host, agent, prompt);
  // The files of this version may be gone, after an update, when the first question comes.
  await loadShellGrammar();
  const outcome = await driveClaude({
    prompt,
    args: argumentsOf(host, launch, environment),
    cwd: launch.cwd,
    environment,
    questions: {
      directory: files.questions,
      gate: gateOf(host, task),
      nowMs: () => host.clock.now(),
    },
    howToAnswer: `holdfast claude answer ${task.id}`,
    print: (lines) => {
      for (const line of lines) writeOutNow(`${line}\n`);
    },
  });
  if (task.session !== undefined) noteEnd(host, agent, { ...outcome, launch });
  return outcome.exitCode;
}

function noteEnd(
  host: TaskHost,
  agent: JournalledAgent,
  {
    launch,
    ...outcome
  }: Awaited<ReturnType<typeof driveClaude>> & { readonly launch: AgentLaunch },
): void {
  const { claudeDirectory } = openGuard();
  const transcript = transcriptPath(claudeDirectory, projectSlug(launch.cwd), launch.sessionId);
  noteAnswered(host, agent, { ...outcome, transcript });
}

/** With what keeps its own background commands, unless its settings do. */
function argumentsOf(
  { workspace }: TaskHost,
  { argv, cwd }: AgentLaunch,
  environment: NodeJS.ProcessEnv,
): string[] {
  if (process.platform === 'win32') return [...argv];
  return argumentsForOneRun({ home: workspace.home, folder: cwd, environment, args: argv });
}

function gateOf(host: TaskHost, task: TaskSnapshot): PermissionGate {
  return new PermissionGate({
    workspace: host.workspace,
    store: new SessionStore(host),
    journal: task.session === undefined ? undefined : new Journal(host, task.session),
    clock: host.clock,
    face: host.face,
    mode: () => ordinaryMode,
    cwd: () => task.cwd,
  });
}

/** One that was cut short is told to go on; one that was done, or never began, works on the prompt. */
function promptOf(files: TaskDirectory, task: TaskSnapshot, { isBegun }: AgentLaunch): string {
  if (isBegun && task.attempt > 1 && !wasDone(files, task.attempt - 1)) return GO_ON;
  try {
    return readFileSync(files.prompt, 'utf8');
  } catch (error) {
    throw unreadable(files.prompt, error);
  }
}

function wasDone(files: TaskDirectory, attempt: number): boolean {
  const exit = readJsonSync(
    path.join(files.attempts, String(attempt), 'exit.json'),
    exitRecordSchema,
  );
  return exit.kind === 'ok' && exit.value.code === 0;
}
