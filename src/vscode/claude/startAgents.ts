import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { NewAgent } from '../../core/agents/claude-code/background/agentRecord.ts';
import { pathWithClaude } from '../../core/agents/claude-code/background/findClaude.ts';
import { startAgent } from '../../core/agents/claude-code/background/startAgent.ts';
import type { ListedTranscript } from '../../core/agents/claude-code/transcripts/listTranscripts.ts';
import { requireNotLive } from '../../core/agents/claude-code/transcripts/replaceTranscript.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import { DEFAULT_SIZE } from '../../core/terminals/terminalSize.ts';
import type { CommandScope } from '../commands/commandScope.ts';
import { cliScript } from '../cliScript.ts';
import { noteTaskInSession, sessionForTask } from '../sessions/taskSession.ts';
import { retentionOf } from '../settings.ts';
import { foldersOnDisk, requireTrust } from '../windowFolder.ts';
import { agentPolicyOf } from './agentPolicy.ts';
import { guardHostOf } from './claudeGuard.ts';

/** What keybindings, tests and other extensions may call with, in place of being asked. */
const requestSchema = v.looseObject({
  prompt: v.optional(v.string()),
  args: v.optional(v.array(v.string())),
  cwd: v.optional(v.string()),
});

/** Has Claude work on a prompt as a task; gives the task's id, or undefined when the user gave no prompt. */
export async function runInBackground(
  scope: CommandScope,
  argument: unknown,
): Promise<string | undefined> {
  const window = scope.open();
  requireTrust();
  const request = v.safeParse(requestSchema, argument);
  const { prompt: named, args, cwd } = request.success ? request.output : {};
  const prompt = named ?? (await askPrompt());
  if (prompt === undefined || prompt.trim() === '') return undefined;
  const task = await start(scope, {
    agent: { mode: 'background', session: randomUUID(), args },
    about: oneLine(prompt, 80),
    prompt,
    cwd,
  });
  window.channels.show(task.id);
  return task.id;
}

/** Starts Claude in a terminal that outlives the window, and shows it; gives the task's id. */
export async function startInTerminal(
  scope: CommandScope,
  argument: unknown,
): Promise<string | undefined> {
  const window = scope.open();
  requireTrust();
  const request = v.safeParse(requestSchema, argument);
  const { args, cwd } = request.success ? request.output : {};
  const agent: NewAgent = { mode: 'terminal', session: randomUUID(), args };
  const task = await start(scope, { agent, about: 'Claude', cwd });
  window.terminals.attach(task);
  return task.id;
}

/**
 * Goes on with a session of Claude Code in such a terminal.
 * @throws HoldfastError `claude.sessionLive` when it is open elsewhere.
 */
export async function resumeInTerminal(
  scope: CommandScope,
  session: Pick<ListedTranscript, 'id' | 'cwd'>,
  name: string,
): Promise<string> {
  const window = scope.open();
  requireNotLive(guardHostOf(window), session.id);
  const agent: NewAgent = { mode: 'terminal', session: session.id };
  const about = `Claude: ${oneLine(name, 40)}`;
  const task = await start(scope, { agent, about, cwd: session.cwd });
  window.terminals.attach(task);
  return task.id;
}

interface Start {
  readonly agent: NewAgent;
  /** Its title, and that of a session which is begun for it. */
  readonly about: string;
  readonly prompt?: string;
  readonly cwd: string | undefined;
}

async function start(
  scope: CommandScope,
  { agent, about, prompt, cwd }: Start,
): Promise<TaskSnapshot> {
  const window = scope.open();
  const { host } = window;
  const settings = scope.readSettings();
  // Before a session is begun for nothing.
  pathWithClaude(host.environment);
  const session = await sessionForTask(window, about);
  const task = await startAgent(host, {
    agent,
    title: about,
    cwd: cwd ?? foldersOnDisk()[0]?.uri.fsPath ?? host.workspace.folder,
    ...(prompt === undefined ? { terminal: DEFAULT_SIZE } : { prompt }),
    ...(session === undefined ? {} : { session }),
    policy: agentPolicyOf(host, settings),
    retention: retentionOf(settings),
    launcher: { nodeExecutable: host.nodeExecutable, cliScript: cliScript() },
  });
  await noteTaskInSession(window, task);
  window.feed.refresh();
  return task;
}

function askPrompt(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: 'Run Claude in Background',
    prompt:
      'What is Claude to do? It works as a background task, and asks here what it may not do.',
    placeHolder: 'Make the tests pass',
    ignoreFocusOut: true,
  });
}
